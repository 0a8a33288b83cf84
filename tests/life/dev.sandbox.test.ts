import assert from "node:assert/strict";
import { execa } from "execa";
import { madeByPulumi, remains } from "./cluster.ts";
import { OwnSandbox } from "./own-sandbox.ts";
import { objectsOf, stateOf } from "./stack-state.ts";

describe("the life of stack dev", function () {
  this.timeout(300_000);
  this.bail(true);
  const stack = "dev";
  let own: OwnSandbox;

  before(async () => {
    own = await OwnSandbox.started();
  });
  after(() => own.remove());

  it("comes up", async () => {
    await own.up(stack);
    assert.deepEqual(await madeByPulumi(own), objectsOf((await stateOf(own, stack)).resources));
  });

  it("shows no change in preview and refresh", async () => {
    await own.previewWithoutChange(stack);
    await own.refreshWithoutChange(stack);
  });

  it("never has fewer pods than the autoscaler's minimum when autoscaling is switched on", async () => {
    const gateway = "keelson:services.gateway";
    await own.set(stack, `${gateway}.replicas`, "5");
    await own.up(stack);
    assert.deepEqual(await replicas(), { wanted: 5, ready: 5 });
    for (const [key, value] of Object.entries({ min: 3, max: 10, cpu: 70 }))
      await own.set(stack, `${gateway}.autoscaling.${key}`, String(value));
    const seen = await watched(async () => {
      await own.up(stack);
      // The autoscaler's first round comes within its period of 15 seconds.
      await new Promise((done) => setTimeout(done, 20_000));
      await own.up(stack);
    });
    assert.ok(seen.length > 0, "the watch has seen the Deployment");
    assert.deepEqual(
      seen.filter(({ wanted, ready }) => wanted < 3 || ready < 3),
      [],
    );
    const minimum = await own.command("kubectl", ...inNamespace, "get", "hpa", "-o", "jsonpath={..minReplicas}");
    assert.equal(minimum, "3");
    await own.previewWithoutChange(stack);
  });

  it("leaves nothing when it is destroyed", async () => {
    await own.destroy(stack);
    assert.deepEqual(await madeByPulumi(own), []);
    assert.deepEqual(await remains(own), []);
  });

  const inNamespace = ["-n", "codelab-dev"];
  const gatewayReplicas = [
    ...[...inNamespace, "get", "deployment", "gateway"],
    ...["-o", 'jsonpath={.spec.replicas} {.status.readyReplicas}{"\\n"}'],
  ];

  async function replicas(): Promise<Replicas | undefined> {
    return readReplicas(await own.command("kubectl", ...gatewayReplicas))[0];
  }

  /** What the gateway's Deployment says of itself while something is done. */
  async function watched(work: () => Promise<void>): Promise<Replicas[]> {
    const watch = execa("kubectl", [...gatewayReplicas, "--watch"], { env: own.sandbox.env, reject: false });
    try {
      await work();
    } finally {
      watch.kill();
    }
    return readReplicas((await watch).stdout);
  }
});

interface Replicas {
  wanted: number;
  ready: number;
}

function readReplicas(lines: string): Replicas[] {
  return lines
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" ").map(Number))
    .map(([wanted = 0, ready = 0]) => ({ wanted, ready }));
}
