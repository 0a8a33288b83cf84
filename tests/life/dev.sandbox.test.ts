import assert from "node:assert/strict";
import { availableParallelism, loadavg } from "node:os";
import { execa } from "execa";
import { ownCheckout } from "../../sandbox/paths.ts";
import { madeByPulumi, remains } from "./cluster.ts";
import { OwnSandbox } from "./own-sandbox.ts";

describe("the life of stack dev", function () {
  this.timeout(300_000);
  this.bail(true);
  const stack = "dev";
  let own: OwnSandbox;

  before(async () => {
    own = await OwnSandbox.reserve();
  });
  after(() => own.remove());

  it("comes up by npm start, which says what is where and what to type next", async () => {
    const output = await npmStart();
    assert.match(output, /\d+ created/);
    assert.match(output, /https:\/\/dev\.codelab\.example\.com/);
    assert.match(output, /npm run sandbox -- shell/);
    await own.start();
  });

  it("has nothing to do at the second npm start, which takes less than 30 seconds", async () => {
    const begun = performance.now();
    const output = await npmStart();
    const seconds = (performance.now() - begun) / 1000;
    assert.match(output, /\d+ unchanged/);
    assert.doesNotMatch(output, /\d+ (created|updated|replaced|deleted)/);
    // On a machine that works for others too, the time is shared with them.
    const share = Math.max(1, (loadavg()[0] ?? 1) / availableParallelism());
    assert.ok(seconds < 30 * share, `it took ${seconds.toFixed(1)} s`);
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

  async function npmStart(): Promise<string> {
    const { exitCode, all } = await execa("node", ["commands/start.ts"], {
      cwd: ownCheckout,
      env: { KEELSON_SANDBOX_HOME: own.home },
      all: true,
      reject: false,
    });
    assert.equal(exitCode, 0, all);
    return all;
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
