import assert from "node:assert/strict";
import { inOrder } from "../skip.ts";
import { madeByPulumi } from "./cluster.ts";
import { OwnSandbox } from "./own-sandbox.ts";

describe("a cluster in which something is in the way of a stack", function () {
  this.timeout(300_000);
  inOrder(this);
  const stack = "dev";
  let own: OwnSandbox;
  /** What `up` prints, as people type it, when it fails. */
  const failedUp = async () => {
    const { exitCode, output } = await own.attempt(["up", "--stack", stack, "--yes"]);
    assert.notEqual(exitCode, 0, output);
    return output;
  };

  before(async () => {
    own = await OwnSandbox.started();
  });
  after(() => own.remove());

  it("ends in one message that names class and namespace with their settings, before anything is changed", async () => {
    await own.command("kubectl", "create", "namespace", "codelab-dev");
    await own.command("kubectl", "delete", "storageclass", "standard");
    const isDefault = "storageclass.kubernetes.io/is-default-class=true";
    await own.command("kubectl", "annotate", "storageclass", "fast-ssd", isDefault);
    const output = await failedUp();
    assert.match(output, /4 problems in the settings, nothing was changed:/);
    assert.match(
      output,
      /keelson:data\.postgres\.storage\.class: the cluster has no storage class "standard"; one of: fast-ssd/,
    );
    assert.match(output, /keelson:namespace: the cluster holds the namespace "codelab-dev" for somebody else/);
    assert.doesNotMatch(output, /^\s+at /m);
    assert.deepEqual(await madeByPulumi(own), []);
  });

  it("lets the next up work with other settings", async () => {
    await own.set(stack, "keelson:namespace", "codelab-here");
    await own.set(stack, "keelson:data.postgres.storage.class", "fast-ssd");
    for (const service of ["agent-runtime", "auth-service"])
      await own.set(stack, `keelson:services["${service}"].volumes.data.class`, "fast-ssd");
    await own.engine("up", "--stack", stack, "--yes");
    assert.ok((await madeByPulumi(own)).includes("Namespace codelab-here"));
    assert.ok(!(await madeByPulumi(own)).includes("Namespace codelab-dev"));
  });
});
