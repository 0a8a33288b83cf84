import assert from "node:assert/strict";
import { objectNames } from "../../components/model/object-names.ts";
import { Platform } from "../../components/platform.ts";
import { resolve } from "../../settings/resolve.ts";
import { systems } from "../../systems/index.ts";
import { asPreviewAndUpdate, record } from "./mocks.ts";

const sandbox = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };

/** Kinds whose names are told apart, by their name in the table. */
const kinds: Record<string, string> = {
  Deployment: "workload",
  StatefulSet: "workload",
  DaemonSet: "workload",
  PodDisruptionBudget: "workload",
  CronJob: "job",
  Service: "Service",
  ServiceAccount: "ServiceAccount",
  ConfigMap: "ConfigMap",
  Secret: "Secret",
  PersistentVolumeClaim: "PersistentVolumeClaim",
  NetworkPolicy: "NetworkPolicy",
  PrometheusRule: "PrometheusRule",
};

/** Policies of a namespace as a whole, and of pods that cert-manager makes. */
const ofNobody = ["default-deny", "acme-http01-solver-netpol"];

describe("the names of objects", () => {
  asPreviewAndUpdate((preview) => {
    for (const system of Object.keys(systems))
      it(`are all known of ${system}`, async () => {
        const rotated = Object.keys(systems[system]?.data ?? {}).map((store) => [store, { rotation: 1 }]);
        const config = {
          "keelson:system": system,
          "keelson:environment": "prod",
          "keelson:pullSecrets": '["registry"]',
          "keelson:data": JSON.stringify(Object.fromEntries(rotated)),
        };
        const { platform, charts, secrets } = resolve({ config, stack: "test", systems, sandbox });
        const known = new Set(
          objectNames(platform).map(({ kind, name }) => `${kind} ${name}${kind === "NetworkPolicy" ? "-netpol" : ""}`),
        );
        const made = await record(preview, () => new Platform(platform.name, { model: platform, charts, secrets }));
        const unknown = made.flatMap(({ type, inputs }) => {
          const kind = kinds[type.split(":").at(-1) ?? ""];
          const { metadata } = inputs as { metadata?: { name: string; namespace?: string } };
          if (!kind || metadata?.namespace !== platform.namespace || ofNobody.includes(metadata.name)) return [];
          return known.has(`${kind} ${metadata.name}`) ? [] : [`${kind} ${metadata.name}`];
        });
        assert.deepEqual(unknown, []);
        assert.ok(system === "cluster" || made.length > 30, String(made.length));
      });
  });
});
