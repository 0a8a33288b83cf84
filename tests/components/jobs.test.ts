import assert from "node:assert/strict";
import { jobModel } from "../../components/jobs.ts";
import { quotaFor, serviceDemand, sharedDemands } from "../../components/model/capacity.ts";
import { platformRelations } from "../../components/model/platform-relations.ts";
import { isPodGroup } from "../../components/model/relations.ts";
import type { SystemInput } from "../../components/model/system.ts";
import { failureMessage } from "../../components/workloads/job.ts";
import { asPreviewAndUpdate, type Registered } from "./mocks.ts";
import { inputsOf, registered, resolved, shop } from "./shop.ts";

const jobs = (made: Registered[]) =>
  made
    .filter(({ type }) => type === "kubernetes:batch/v1:Job")
    .map(({ inputs }) => (inputs as unknown as { metadata: { name: string } }).metadata.name)
    .sort();
const named = (made: Registered[], name: string) => {
  const found = jobs(made).find((job) => job.startsWith(`${name}-`));
  assert.ok(found, name);
  return found;
};

describe("jobs", () => {
  asPreviewAndUpdate((preview) => {
    const made = (settings: Record<string, unknown> = {}) => registered(preview, shop, settings);

    it("are named by what they run, and are others when that changes and not otherwise", async () => {
      const before = jobs(await made());
      assert.equal(before.length, 2);
      for (const [same, settings] of [
        [false, { "keelson:services": { "shop-web": { image: { tag: "2" } } } }],
        [false, { "keelson:services": { "shop-web": { image: { digest: `sha256:${"0".repeat(64)}` } } } }],
        [false, { "keelson:data": { db: { existing: { host: "db.example.com" } } } }],
        [true, { "keelson:services": { "shop-api": { image: { tag: "2" } } } }],
        [true, { "keelson:services": { "shop-web": { replicas: 4, env: { WORKERS: "3" } } } }],
        [true, { "keelson:configs": { settings: { LOG_LEVEL: "debug" } } }],
        [true, { "keelson:rotation": { keys: 1 }, "keelson:data": { cache: { rotation: 1 } } }],
        [true, { "keelson:jobs": { migrate: { backoffLimit: 3 } } }],
      ] as const) {
        const after = jobs(await made(settings));
        if (same) assert.deepEqual(after, before, JSON.stringify(settings));
        else assert.ok(!after.some((name) => before.includes(name)), JSON.stringify(settings));
      }
    });

    it("run in the service's image with its environment, files and shared disks, asked for no health", async () => {
      const all = await made();
      const { metadata, spec } = inputsOf(all, "Job", named(all, "migrate"));
      assert.equal(metadata.annotations["pulumi.com/replaceUnready"], "true");
      const pod = spec.template.spec;
      assert.equal(pod.restartPolicy, "Never");
      assert.equal(pod.automountServiceAccountToken, false);
      const [container] = pod.containers;
      assert.equal(container.image, "ghcr.io/shop/web:1");
      assert.deepEqual(container.command, ["migrate"]);
      assert.deepEqual(container.envFrom, [{ configMapRef: { name: "settings" } }, { secretRef: { name: "keys" } }]);
      assert.deepEqual(container.env, [{ name: "WORKERS", value: "2" }]);
      assert.equal(container.securityContext.readOnlyRootFilesystem, true);
      assert.deepEqual(
        container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath),
        ["/media", "/tmp", "/etc/web.conf"],
      );
      for (const field of ["livenessProbe", "readinessProbe", "startupProbe", "ports", "lifecycle"])
        assert.ok(!(field in container), field);
      assert.deepEqual(inputsOf(all, "ConfigMap", "migrate-files").data, { "etc_web.conf": "a" });
    });

    it("have no label that would make them the service's pods", async () => {
      const all = await made();
      const { labels } = inputsOf(all, "Job", named(all, "migrate")).spec.template.metadata;
      const selector = inputsOf(all, "Service", "web").spec.selector as Record<string, string>;
      assert.ok(Object.entries(selector).some(([key, value]) => labels[key] !== value));
      assert.deepEqual(inputsOf(all, "NetworkPolicy", "migrate-netpol").spec.podSelector.matchLabels, {
        "app.kubernetes.io/name": labels["app.kubernetes.io/name"],
        "app.kubernetes.io/instance": labels["app.kubernetes.io/instance"],
      });
    });

    it("come before the services that wait for them, and after the jobs that they wait for", async () => {
      const all = await made();
      // A component's dependencies hold its children back too: they are registered only after it.
      const dependencies = (type: string, name: string) => {
        const found = all.find((one) => one.type === `keelson:workloads:${type}` && one.name === name);
        assert.ok(found, name);
        return found.options.dependencies.join("\n");
      };
      for (const service of ["shop-web", "shop-api"])
        assert.match(dependencies("ApplicationService", `shop-${service}`), /batch\/v1:Job::shop-migrate-/);
      const wanted = dependencies("ApplicationJob", "shop-migrate");
      for (const first of ["batch/v1:Job::shop-prepare-", "::shop-media", "::shop-keys-secret", "::shop-settings"])
        assert.ok(wanted.includes(first), first);
      assert.ok(!wanted.includes("::shop-shop-web-"), "what waits for the job cannot be waited for");
      const migrate = all.find(({ type, name }) => type.endsWith(":Job") && name.startsWith("shop-migrate-"));
      assert.deepEqual(migrate?.options.ignoreChanges, ["metadata.labels", "spec"]);
    });

    it("run in the image of the colour that is about to be released", async () => {
      const web = shop.services?.["shop-web"];
      assert.ok(web);
      const { own: _, ...volumes } = web.volumes ?? {};
      const released: SystemInput = {
        ...shop,
        services: { ...shop.services, "shop-web": { ...web, volumes, blueGreen: { smoke: { paths: ["/"] } } } },
      };
      const image = async (release: object) => {
        const all = await registered(preview, released, { "keelson:releases": { "shop-web": release } });
        return inputsOf(all, "Job", named(all, "migrate")).spec.template.spec.containers[0].image;
      };
      const [old, next] = [{ tag: "1" }, { tag: "2", check: 1 }];
      assert.equal(await image({ active: "blue", blue: old }), "ghcr.io/shop/web:1");
      assert.equal(await image({ active: "blue", blue: old, green: next }), "ghcr.io/shop/web:2");
      assert.equal(await image({ active: "green", blue: old, green: next }), "ghcr.io/shop/web:2");
    });

    it("with a schedule are CronJobs that never overlap", async () => {
      const { spec } = inputsOf(
        await made({ "keelson:jobs": { clean: { schedule: "30 4 * * *" } } }),
        "CronJob",
        "clean",
      );
      assert.equal(spec.schedule, "30 4 * * *");
      assert.equal(spec.timeZone, "Etc/UTC");
      assert.equal(spec.concurrencyPolicy, "Forbid");
      assert.deepEqual(spec.jobTemplate.spec.template.spec.containers[0].args, ["clean"]);
    });
  });

  it("may reach what their service may, and are reached by nobody", () => {
    const { platform } = resolved(shop);
    const relations = platformRelations(platform, undefined);
    const to = (id: string) =>
      relations
        .filter(({ from }) => isPodGroup(from) && from.id === id)
        .map(({ to: peer }) => (isPodGroup(peer) ? peer.id : peer));
    assert.deepEqual(to("migrate"), ["db", "cache-master", "internet"]);
    assert.deepEqual(to("migrate"), to("shop-web"));
    assert.deepEqual(
      relations.filter(({ to: peer }) => isPodGroup(peer) && peer.id === "migrate"),
      [],
    );
  });

  it("and shared disks are counted by the quota", () => {
    const { platform } = resolved(shop);
    const services = Object.values(platform.services).map(serviceDemand);
    const without = quotaFor(services, {});
    const all = quotaFor([...services, ...sharedDemands(platform)], {});
    assert.equal((all.pods ?? 0) - (without.pods ?? 0), 3);
    assert.equal(all.cpu, "1700m");
    assert.equal(all.storage, "2048Mi");
  });

  it("that failed say which it was, what was not rolled out and how to see why", () => {
    const { platform, secrets } = resolved(shop);
    const { "shop-web": service } = platform.services;
    const { migrate } = platform.jobs;
    assert.ok(service && migrate);
    assert.match(
      failureMessage(jobModel("migrate", migrate, service, platform, secrets), ["shop-web"]),
      /^Job shop\/migrate-[0-9a-f]{12} did not succeed.*kubectl logs --namespace shop job\/migrate-[0-9a-f]{12}\nNot rolled out.*shop-web/,
    );
  });
});
