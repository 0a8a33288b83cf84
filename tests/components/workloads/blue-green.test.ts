import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { Release } from "../../../components/model/release.ts";
import { ApplicationService, type ApplicationServiceArgs } from "../../../components/workloads/application-service.ts";
import { asPreviewAndUpdate, type Registered, record } from "../mocks.ts";

const args: ApplicationServiceArgs = {
  namespace: "shop",
  instance: "store",
  image: { repository: "ghcr.io/shop/cart", tag: "v1" },
  ports: [{ name: "http", port: 8000, servicePort: 80 }],
  resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  probes: { readiness: { http: "/ready", port: "http" }, liveness: { http: "/health", port: "http" } },
  autoscaling: { min: 3, max: 10, cpu: 70 },
  blueGreen: { smoke: { paths: ["/health", "/ready"] } },
};
/** v2 comes up in green beside v1 in blue. */
const candidate: Release = { active: "blue", blue: { tag: "v1" }, green: { tag: "v2", check: 1 }, replicas: 5 };
const switched: Release = { ...candidate, active: "green" };
const finished: Release = { active: "green", green: { tag: "v2" } };

/** Parts of an object that these tests read. */
interface Inputs {
  metadata: { name: string; labels: Record<string, string> };
  spec: {
    replicas?: number;
    minReplicas?: number;
    scaleTargetRef?: { name: string };
    selector: { color?: string; matchLabels?: Record<string, string> };
    template: {
      metadata: { labels: Record<string, string> };
      spec: { containers: { image: string; args: string[] }[] };
    };
  };
}

asPreviewAndUpdate((preview) => {
  const make = (release?: Release, more: Partial<ApplicationServiceArgs> = {}) =>
    record(preview, () => new ApplicationService("cart", { ...args, ...more, ...(release ? { release } : {}) }));
  const find = (made: Registered[], name: string) => {
    const found = made.find((one) => one.name === name);
    assert.ok(found, `${name} in ${made.map((one) => one.name).join(", ")}`);
    return { inputs: found.inputs as unknown as Inputs, options: found.options };
  };
  const names = (made: Registered[]) =>
    made
      .map(({ type, inputs }) => `${type.split(":").at(-1)} ${(inputs as unknown as Inputs).metadata?.name ?? ""}`)
      .sort();
  const dependsOn = (made: Registered[], name: string) =>
    find(made, name)
      .options.dependencies.map((urn) => urn.split("::").at(-1))
      .sort();

  describe("blue-green releases of an ApplicationService", () => {
    it("begins with blue alone, under the documented names", async () => {
      const made = await make();
      assert.deepEqual(names(made), [
        "ApplicationService ",
        "Deployment cart-blue",
        "HorizontalPodAutoscaler cart-hpa",
        "PodDisruptionBudget cart-blue",
        "Service cart",
        "ServiceAccount cart",
      ]);
      assert.equal(find(made, "cart-service").inputs.spec.selector.color, "blue");
      assert.equal(find(made, "cart-hpa").inputs.spec.scaleTargetRef?.name, "cart-blue");
      assert.equal(find(made, "cart-hpa").inputs.spec.minReplicas, 3);
    });

    it("brings the idle colour up with as many pods as the active one has, with a Service and a check of its own", async () => {
      const made = await make(candidate);
      const { inputs, options } = find(made, "cart-green");
      assert.equal(inputs.spec.replicas, 5);
      assert.deepEqual(options.ignoreChanges, []);
      assert.equal(inputs.spec.template.spec.containers[0]?.image, "ghcr.io/shop/cart:v2");
      assert.equal(find(made, "cart-blue").inputs.spec.replicas, undefined);
      assert.deepEqual(find(made, "cart-blue").options.ignoreChanges, ["spec.replicas"]);
      assert.equal(find(made, "cart-green-service").inputs.metadata.name, "cart-green");
      assert.equal(find(made, "cart-green-service").inputs.spec.selector.color, "green");
      assert.deepEqual(find(made, "cart-green-smoke").inputs.spec.template.spec.containers[0]?.args.slice(-2), [
        "http://cart-green:80/health",
        "http://cart-green:80/ready",
      ]);
      find(made, "cart-green-pdb");
      assert.equal(find(made, "cart-service").inputs.spec.selector.color, "blue");
      assert.equal(find(made, "cart-hpa").inputs.spec.scaleTargetRef?.name, "cart-blue");
    });

    it("checks before the traffic moves, and touches the colour that lost it only afterwards", async () => {
      const made = await make(switched);
      assert.deepEqual(dependsOn(made, "cart-service"), ["cart-green", "cart-green-smoke"]);
      assert.deepEqual(dependsOn(made, "cart-green-smoke"), ["cart-green", "cart-green-service"]);
      assert.deepEqual(dependsOn(made, "cart-blue"), ["cart-service"]);
      assert.deepEqual(dependsOn(await make(candidate), "cart-green"), ["cart-service"]);
    });

    it("changes the Service's selector and the autoscaler's target by the switch, and no other field", async () => {
      const before = await make(candidate);
      const after = await make(switched);
      assert.deepEqual(names(after), names(before));
      const changed = after.filter(({ name, inputs }) => {
        const { inputs: old } = find(before, name);
        return JSON.stringify(inputs) !== JSON.stringify(old);
      });
      // The number of green pods is given up to the autoscaler, and ignored.
      assert.deepEqual(changed.map(({ name }) => name).sort(), ["cart-green", "cart-hpa", "cart-service"]);
      assert.deepEqual(find(after, "cart-green").options.ignoreChanges, ["spec.replicas"]);
      const { replicas: _, ...spec } = find(before, "cart-green").inputs.spec;
      assert.deepEqual(find(after, "cart-green").inputs.spec, spec);
      assert.equal(find(after, "cart-service").inputs.spec.selector.color, "green");
      assert.equal(find(after, "cart-hpa").inputs.spec.scaleTargetRef?.name, "cart-green");
      assert.equal(find(after, "cart-hpa").inputs.spec.minReplicas, 5);
    });

    it("leaves the new colour alone when the release is finished, its pods unchanged", async () => {
      const made = await make(finished);
      assert.deepEqual(names(made), [
        "ApplicationService ",
        "Deployment cart-green",
        "HorizontalPodAutoscaler cart-hpa",
        "PodDisruptionBudget cart-green",
        "Service cart",
        "ServiceAccount cart",
      ]);
      assert.deepEqual(find(made, "cart-green").inputs.spec, find(await make(switched), "cart-green").inputs.spec);
      assert.equal(find(made, "cart-hpa").inputs.spec.minReplicas, 3);
    });

    it("checks again what changed and nothing else", async () => {
      const job = async (release: Release, more: Partial<ApplicationServiceArgs> = {}) =>
        find(await make(release, more), "cart-green-smoke").inputs.metadata.name;
      const first = await job(candidate);
      assert.match(first, /^cart-smoke-green-[0-9a-f]{10}$/);
      assert.equal(await job(switched), first);
      assert.equal(await job({ ...candidate, replicas: 7 }), first);
      const named = {
        env: { KEY: { secret: pulumi.output("keys"), key: "KEY" } },
        envFrom: [{ secret: pulumi.output("keys") }],
      };
      assert.equal(await job(candidate, named), first, "what is not known at preview is no part of the name");
      const others = [
        await job({ ...candidate, green: { tag: "v3", check: 1 } }),
        await job({ ...candidate, green: { tag: "v2", check: 2 } }),
        await job(candidate, { files: { "/etc/app.yaml": "new" } }),
      ];
      assert.equal(new Set([first, ...others]).size, 4);
    });

    it("never asks for more pods than the autoscaler may make", async () => {
      const made = await make({ ...candidate, replicas: 50 });
      assert.equal(find(made, "cart-green").inputs.spec.replicas, 10);
      assert.equal(find(made, "cart-hpa").inputs.spec.minReplicas, 10);
    });

    it("refuses what cannot run twice", async () => {
      const volumes = { data: { mountPath: "/data", size: "1Gi", accessMode: "ReadWriteOnce" } } as const;
      await assert.rejects(
        make(undefined, { kind: "StatefulSet", volumes }),
        /a StatefulSet cannot run twice[\s\S]*cannot be shared by both colours/,
      );
    });
  });
});
