import assert from "node:assert/strict";
import { amountsOf, quotaFor } from "../../components/model/capacity.ts";
import { problems, web } from "./wrong-system.ts";

describe("a quota", () => {
  // Two services with a pod and one more in a rollout, and a database: 100m, 64Mi each, and a disk of 1Gi.
  it("has room for the fewest pods and a rollout, or is told what they need", () => {
    assert.deepEqual(
      problems(() => undefined, { cpu: "499m", memory: "319Mi", pods: 4, storage: "1023Mi" }),
      [
        "quota.cpu: 499m is less than the 500m that the workloads need at their smallest; at least 500m, or leave it out",
        "quota.memory: 319Mi is less than the 320Mi that the workloads need at their smallest; at least 320Mi, or leave it out",
        "quota.pods: 4 is less than the 5 that the workloads need at their smallest; at least 5, or leave it out",
        "quota.storage: 1023Mi is less than the 1024Mi that the workloads need at their smallest; at least 1024Mi, or leave it out",
      ],
    );
    assert.deepEqual(
      problems(() => undefined, { cpu: "0.5", memory: "320Mi", pods: 5, storage: "1Gi" }),
      [],
    );
  });

  it("may hold autoscalers below their most pods", () =>
    assert.deepEqual(
      problems(
        (s) => {
          web(s).autoscaling = { min: 2, max: 100, cpu: 70 };
        },
        { pods: 6 },
      ),
      [],
    ));

  it("is a quantity also where the workloads ask for more than one can be", () => {
    const huge = { cpu: "9000000G", memory: "7E", pods: 10_000, storage: ["7E"] };
    const { cpu, memory, pods, storage } = quotaFor([huge], {});
    assert.deepEqual([cpu, memory], ["9007199254740991m", "8796093022207Mi"]);
    assert.deepEqual([pods, storage], [10_010, "8796093022207Mi"]);
    assert.equal(amountsOf({ cpu: 1.0001, memory: 1, pods: 1, storage: 0 }).cpu, "1001m");
  });
});
