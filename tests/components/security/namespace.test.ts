import assert from "node:assert/strict";
import { Namespace, type NamespaceArgs } from "../../../components/security/namespace.ts";
import { asPreviewAndUpdate, only, record } from "../mocks.ts";

describe("a Namespace", () => {
  asPreviewAndUpdate((preview) => {
    const make = (more: Partial<NamespaceArgs>) =>
      record(preview, () => new Namespace("shop", { namespace: "shop", instance: "shop", ...more }));
    const hard = async (quota: NamespaceArgs["quota"] & object) =>
      (only(await make({ quota }), "ResourceQuota").inputs as unknown as { spec: { hard: unknown } }).spec.hard;

    it("bounds what its quota says and nothing else", async () => {
      assert.deepEqual(await hard({ pods: 10 }), { pods: "10" });
      assert.deepEqual(await hard({ loadBalancers: 0, nodePorts: 3, cpu: "2" }), {
        "requests.cpu": "2",
        "services.nodeports": "3",
        "services.loadbalancers": "0",
      });
    });

    it("gives containers defaults that can be changed and declined", async () => {
      const limits = async (containerDefaults?: NonNullable<NamespaceArgs["containerDefaults"]>) => {
        const made = await make(containerDefaults === undefined ? {} : { containerDefaults });
        return (only(made, "LimitRange").inputs as unknown as { spec: { limits: unknown[] } }).spec.limits;
      };
      const defaultRequest = { cpu: "50m", memory: "64Mi" };
      assert.deepEqual(await limits(), [
        { type: "Container", defaultRequest, default: { cpu: "250m", memory: "256Mi" } },
      ]);
      // Containers without a limit of cpu may then request as much as they want.
      assert.deepEqual(await limits({ limits: { memory: "1Gi", ephemeralStorage: "1Gi" } }), [
        { type: "Container", defaultRequest, default: { memory: "1Gi", "ephemeral-storage": "1Gi" } },
      ]);
      const kinds = (await make({ containerDefaults: false })).map(({ type }) => type.split(":").at(-1));
      assert.ok(!kinds.includes("LimitRange"), kinds.join());
      await assert.rejects(
        () => make({ containerDefaults: { limits: { memory: "lots" } } }),
        /Namespace "shop" has 1 problem:\n {2}containerDefaults\.limits\.memory/,
      );
    });
  });
});
