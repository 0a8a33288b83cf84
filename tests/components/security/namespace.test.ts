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
  });
});
