import assert from "node:assert/strict";
import { systems } from "../../systems/index.ts";
import { modelOf } from "../../topology/model.ts";
import { compare } from "../network/comparison.ts";
import type { Rendered } from "../rendered.ts";
import { inOrder, takesLong } from "../skip.ts";
import { live, madeByPulumi, remains } from "./cluster.ts";
import { OwnSandbox } from "./own-sandbox.ts";
import { objectsOf, stateOf } from "./stack-state.ts";

/** Two environments of one system, and another system, in one cluster whose add-ons a stack of their own owns. */
describe("systems side by side in one cluster", function () {
  this.timeout(600_000);
  inOrder(this);
  const applications = {
    dev: ["codelab", "dev"],
    staging: ["codelab", "staging"],
    "the-bot-dev": ["the-bot", "dev"],
  } as const;
  const present = { "keelson:addons": "present" };
  let own: OwnSandbox;
  const objectsOfStack = async (stack: string) => objectsOf((await stateOf(own, stack)).resources);

  before(async function () {
    takesLong(this);
    own = await OwnSandbox.started();
  });
  after(() => own?.remove());

  it("come up on the add-ons of the cluster's stack, and make none", async () => {
    await own.up("cluster-dev");
    const shared = await objectsOfStack("cluster-dev");
    for (const stack of Object.keys(applications)) await own.set(stack, "keelson:addons", "present");
    await Promise.all(Object.keys(applications).map((stack) => own.up(stack)));
    for (const stack of Object.keys(applications)) {
      const made = await objectsOfStack(stack);
      assert.deepEqual(
        made.filter((object) => shared.includes(object)),
        [],
        stack,
      );
      assert.ok(!made.some((object) => /CustomResourceDefinition|ClusterIssuer|IngressClass/.test(object)), stack);
    }
  });

  it("show no change beside each other", async () => {
    await Promise.all(["cluster-dev", "dev"].map((stack) => own.previewWithoutChange(stack)));
  });

  it("reach what their relations say and nothing of each other, by the policies in the cluster", async () => {
    const kinds = "namespaces,networkpolicies,deployments,statefulsets,daemonsets,jobs,cronjobs";
    const all = (await live(own, kinds)) as unknown as Rendered[];
    const models = [
      modelOf(systems, "cluster", "dev"),
      ...Object.values(applications).map(([system, environment]) => modelOf(systems, system, environment, present)),
    ];
    assert.deepEqual(compare(all, models, true).differences, []);
  });

  it("go one by one and take nothing that others use", async () => {
    for (const stack of Object.keys(applications)) {
      const before = await madeByPulumi(own);
      const gone = await objectsOfStack(stack);
      await own.destroy(stack);
      const left = await madeByPulumi(own);
      assert.deepEqual(
        before.filter((object) => !gone.includes(object) && !left.includes(object)),
        [],
        stack,
      );
    }
    assert.deepEqual(await madeByPulumi(own), await objectsOfStack("cluster-dev"));
  });

  it("leave nothing when the cluster's stack goes last", async () => {
    await own.destroy("cluster-dev");
    assert.deepEqual(await madeByPulumi(own), []);
    assert.deepEqual(await remains(own), []);
  });
});
