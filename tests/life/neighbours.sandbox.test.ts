import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { shareAddons } from "../../commands/shared-addons.ts";
import { live, madeByPulumi, remains } from "./cluster.ts";
import { violations } from "./engine-events.ts";
import { modelOf, others } from "./lives.ts";
import { OwnSandbox } from "./own-sandbox.ts";
import { objectsOf, stateOf } from "./stack-state.ts";

/** Systems and environments that live in one cluster: the first owns the add-ons, the others rely on them. */
describe("the lives of dev and staging, side by side", function () {
  this.timeout(300_000);
  this.bail(true);
  let own: OwnSandbox;
  before(async () => {
    own = await OwnSandbox.started();
  });
  after(() => own.remove());

  for (const stack of others) {
    it(`${stack} comes up without a violation`, async () => {
      await shareAddons(own.sandbox, stack);
      assert.deepEqual(violations((await own.up(stack)).events), []);
    });
  }

  it("have exactly the objects of their states, each in its own namespace", async () => {
    const states = await Promise.all(others.map((stack) => stateOf(own, stack)));
    assert.deepEqual(await madeByPulumi(own), states.flatMap(({ resources }) => objectsOf(resources)).sort());
    const namespaces = new Set(others.map((stack) => modelOf(stack).model.namespace));
    assert.equal(namespaces.size, others.length);
    const pods = await live(own, "pods");
    for (const namespace of namespaces) assert.ok(pods.some(({ metadata }) => metadata.namespace === namespace));
  });

  for (const stack of others) {
    it(`${stack} shows no change in preview and refresh`, async () => {
      await own.previewWithoutChange(stack);
      await own.refreshWithoutChange(stack);
    });
  }

  it("never has fewer pods than the autoscaler's minimum when autoscaling is switched on", async () => {
    const stack = "dev";
    const gateway = "keelson:services.gateway";
    await own.set(stack, `${gateway}.replicas`, "5");
    await own.up(stack);
    assert.deepEqual(await replicas(), { wanted: 5, ready: 5 });
    for (const [key, value] of Object.entries({ min: 3, max: 10, cpu: 70 }))
      await own.set(stack, `${gateway}.autoscaling.${key}`, String(value));
    const seen = await watched(async () => {
      await own.up(stack);
      // The autoscaler's first round comes within its period of 15 seconds.
      await sleep(20_000);
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

  for (const stack of others.toReversed()) {
    it(`${stack} is destroyed, since only prod is protected`, async () => {
      await own.destroy(stack);
    });
  }

  it("leave nothing behind", async () => {
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
