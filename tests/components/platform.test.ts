import assert from "node:assert/strict";
import { mock } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Platform } from "../../components/platform.ts";
import { resolve } from "../../settings/resolve.ts";
import { systems } from "../../systems/index.ts";
import { asPreviewAndUpdate, type Registered, record } from "./mocks.ts";
import { registered, shop } from "./shop.ts";

const sandbox = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };

/** Everything that CodeLab registers in an environment, with these settings. Charts have no children here. */
function codelab(preview: boolean, environment: string, more: Record<string, unknown> = {}): Promise<Registered[]> {
  const settings = { "keelson:system": "codelab", "keelson:environment": environment, ...more };
  const config = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  const { platform, charts, secrets } = resolve({ config, stack: "test", systems, sandbox });
  return record(preview, () => new Platform(platform.name, { model: platform, charts, secrets }));
}

const kind = ({ type }: Registered) => type.split(":").at(-1) ?? "";
const metadata = ({ inputs }: Registered) => (inputs as { metadata?: { name: string; namespace?: string } }).metadata;

describe("Platform", () => {
  asPreviewAndUpdate((preview) => {
    it("protects exactly namespace, generated passwords, their Secrets and claims in prod", async () => {
      const made = (await codelab(preview, "prod")).filter(({ options }) => options.protect);
      const kinds = Object.fromEntries(
        [...new Set(made.map(kind))].sort().map((one) => [one, made.filter((other) => kind(other) === one).length]),
      );
      // The StatefulSets of the charts are protected by a transform, which no mock runs; the sandbox tests see them.
      assert.deepEqual(kinds, { Namespace: 1, PersistentVolumeClaim: 3, RandomPassword: 7, Secret: 7 });
    });

    it("protects nothing in dev", async () => {
      assert.deepEqual(
        (await codelab(preview, "dev")).filter(({ options }) => options.protect),
        [],
      );
    });

    it("makes a pull Secret in each namespace", async () => {
      const more = { "keelson:pullSecrets": ["registry"], "keelson:secrets": { registry: '{"auths":{}}' } };
      const made = (await codelab(preview, "dev", more)).filter(
        (one) => kind(one) === "Secret" && metadata(one)?.name === "registry",
      );
      assert.deepEqual(made.map((one) => metadata(one)?.namespace).sort(), [
        "cert-manager",
        "codelab-dev",
        "ingress-nginx",
      ]);
    });

    it("adds a policy of its own to an ingress controller that another stack owns, and makes no add-on", async () => {
      const present = { ownership: "present" };
      const made = await codelab(preview, "dev", {
        "keelson:addons": { certManager: present, clusterIssuers: present, ingressNginx: present },
      });
      assert.deepEqual(
        made.filter((one) => kind(one) === "Namespace" && metadata(one)).map((one) => metadata(one)?.name),
        ["codelab-dev"],
      );
      const guests = made.filter((one) => metadata(one)?.namespace === "ingress-nginx");
      assert.deepEqual(
        guests.map((one) => metadata(one)?.name),
        ["ingress-nginx-controller-to-codelab-dev-netpol"],
      );
    });

    it("says at preview, once, where a managed server's addresses are not known", async () => {
      const warn = mock.method(pulumi.log, "warn", async () => {});
      const { db } = shop.data ?? {};
      assert.ok(db);
      // Each a name of its own: what was said is not said again.
      const named = async (host: string) => {
        const secrets = { "api-key": "x", "db-password": "y" };
        const system = { ...shop, data: { ...shop.data, db: { ...db, existing: { host } } } };
        for (let times = 0; times < 2; times += 1) await registered(preview, system, { "keelson:secrets": secrets });
        return warn.mock.calls.filter(({ arguments: [text] }) => `${text}`.includes(host)).length;
      };
      try {
        assert.equal(await named("notice.example.com"), preview ? 1 : 0);
        assert.equal(await named("10.1.2.3"), 0);
      } finally {
        warn.mock.restore();
      }
    });

    it("leaves an add-on its policies where a service is called as its pods are", async () => {
      const policies = async (services: typeof shop.services) => {
        const addons = { certManager: {}, monitoring: {} };
        const made = await registered(
          preview,
          { ...shop, services, addons },
          { "keelson:secrets": { "api-key": "x" } },
        );
        return made
          .filter((one) => kind(one) === "NetworkPolicy")
          .map(
            (one) =>
              [
                `${metadata(one)?.namespace}/${metadata(one)?.name}`,
                (one.inputs as unknown as { spec: { egress?: unknown[] } }).spec,
              ] as const,
          );
      };
      const [web, api] = [shop.services?.["shop-web"], shop.services?.["shop-api"]];
      assert.ok(web && api);
      const services = { ...shop.services, "shop-web": { ...web, metrics: { port: "http" } } };
      const before = await policies(services);
      const names = ["cert-manager", "grafana", "prometheus"];
      const more = Object.fromEntries(names.map((name) => [name, { ...api, uses: [], env: {} }]));
      const after = new Map<string, { egress?: unknown[] }>(await policies({ ...services, ...more }));
      for (const [name, spec] of before) assert.deepEqual(after.get(name), spec, name);
      // DNS, and nothing of what the add-on may reach.
      for (const name of names) assert.equal(after.get(`shop/${name}-netpol`)?.egress?.length, 1, name);
    });

    it("gives every name once and no secret in plain text", async () => {
      const made = await codelab(preview, "prod", { "keelson:secrets": { "openai-api-key": "canary-value" } });
      const names = made.map(({ type, name }) => `${type} ${name}`);
      assert.equal(new Set(names).size, names.length);
      for (const one of made) {
        if (kind(one) !== "Secret") assert.ok(!JSON.stringify(one.inputs).includes("canary-value"), one.name);
      }
    });
  });
});
