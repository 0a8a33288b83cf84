import assert from "node:assert/strict";
import { checkScaling } from "../../components/model/autoscaling-checks.ts";
import { quotaFor, serviceDemand } from "../../components/model/capacity.ts";
import { keyPath } from "../../components/model/problems.ts";
import { serviceSchema } from "../../components/model/service.ts";

const base = {
  image: { repository: "ghcr.io/shop/web", tag: "1" },
  resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  probes: { readiness: { exec: ["true"] }, liveness: { exec: ["true"] } },
};

function problems(more: object): string[] {
  return checkScaling(serviceSchema.parse({ ...base, ...more })).map(
    ({ path, message, fix }) => `${keyPath(path)}: ${message}; ${fix}`,
  );
}

describe("autoscalers in number and size", () => {
  const byCpu = { min: 1, max: 3, cpu: 70 };

  it("never let both act on one resource", () => {
    for (const mode of ["Initial", "Recreate", "InPlaceOrRecreate"])
      assert.deepEqual(problems({ autoscaling: { ...byCpu, memory: 80 }, verticalScaling: { mode } }), [
        `verticalScaling.mode: mode ${mode} changes cpu and memory, which the HorizontalPodAutoscaler scales by; Off, which only recommends, or leave cpu and memory out of verticalScaling.resources`,
      ]);
  });

  it("allow both where they do not meet", () => {
    const acting = { mode: "Recreate" };
    assert.deepEqual(problems({ autoscaling: { ...byCpu, memory: 80 }, verticalScaling: {} }), []);
    assert.deepEqual(problems({ autoscaling: byCpu, verticalScaling: { ...acting, resources: ["memory"] } }), []);
    assert.deepEqual(
      problems({ autoscaling: { min: 1, max: 3, pods: { requests_per_second: "10" } }, verticalScaling: acting }),
      [],
    );
    assert.deepEqual(problems({ verticalScaling: acting }), []);
  });

  it("take bounds the right way round", () => {
    assert.deepEqual(problems({ verticalScaling: { min: { memory: "2Gi" }, max: { memory: "1024Mi" } } }), [
      "verticalScaling.min.memory: min 2Gi is above max 1024Mi; at most 1024Mi",
    ]);
    assert.deepEqual(problems({ verticalScaling: { min: { cpu: "500m" }, max: { cpu: "0.5" } } }), []);
  });

  it("are reckoned with in the namespace's quota only where they act", () => {
    const cpu = (mode: string) => {
      const verticalScaling = { mode, max: { cpu: "2" } };
      return quotaFor([serviceDemand(serviceSchema.parse({ ...base, verticalScaling }))], {}).cpu;
    };
    // One pod, one more in a rollout, and the core to spare.
    assert.equal(cpu("Off"), "1200m");
    assert.equal(cpu("Recreate"), "5000m");
  });
});
