import assert from "node:assert/strict";
import { madeByPulumi, remains } from "./cluster.ts";
import { violations } from "./engine-events.ts";
import { OwnSandbox } from "./own-sandbox.ts";

describe("the life of stack staging", function () {
  this.timeout(300_000);
  this.bail(true);
  const stack = "staging";
  let own: OwnSandbox;

  before(async () => {
    own = await OwnSandbox.started();
  });
  after(() => own.remove());

  it("comes up without a violation", async () => {
    assert.deepEqual(violations((await own.up(stack)).events), []);
  });

  it("shows no change in preview", async () => {
    await own.previewWithoutChange(stack);
  });

  it("leaves nothing when it is destroyed, since only prod is protected", async () => {
    await own.destroy(stack);
    assert.deepEqual(await madeByPulumi(own), []);
    assert.deepEqual(await remains(own), []);
  });
});
