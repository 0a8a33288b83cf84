import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { execa } from "execa";
import { inOrder, takesLong } from "../skip.ts";
import { live, madeByPulumi, remains } from "./cluster.ts";
import { violations } from "./engine-events.ts";
import { modelOf, others, updateOne } from "./lives.ts";
import { OwnSandbox } from "./own-sandbox.ts";
import { objectsOf, stateOf } from "./stack-state.ts";

/** Environments of one system live in one cluster, on the add-ons of a stack of their own; system after system. */
describe("the lives of dev and staging, side by side", function () {
  this.timeout(600_000);
  inOrder(this);
  const owner = "cluster-dev";
  let own: OwnSandbox;
  let shared: string[];
  before(async () => {
    own = await OwnSandbox.started();
    await own.up(owner);
    shared = await madeByPulumi(own);
  });
  after(() => own.remove());

  for (const { stacks, updated } of others)
    describe(stacks.join(" and "), () => {
      before(function () {
        if (!stacks.includes("dev")) takesLong(this);
      });
      const all = <T>(work: (stack: string) => Promise<T>): Promise<T[]> => Promise.all(stacks.map(work));

      it("come up without a violation, each in a namespace of their own", async () => {
        for (const stack of stacks) await own.set(stack, "keelson:addons", "present");
        for (const { events } of await all((stack) => own.up(stack))) assert.deepEqual(violations(events), []);
        const states = await all((stack) => stateOf(own, stack));
        const objects = [...shared, ...states.flatMap(({ resources }) => objectsOf(resources))];
        assert.deepEqual(await madeByPulumi(own), objects.sort());
        const namespaces = new Set(stacks.map((stack) => modelOf(stack).model.namespace));
        assert.equal(namespaces.size, stacks.length);
        const pods = await live(own, "pods");
        for (const namespace of namespaces) assert.ok(pods.some(({ metadata }) => metadata.namespace === namespace));
      });

      it("show no change in preview and refresh", async () => {
        await all((stack) => own.previewWithoutChange(stack));
        await all((stack) => own.refreshWithoutChange(stack));
      });

      it("touch one service and its jobs only when that service's image tag changes", async () => {
        await all((stack) => updateOne(own, stack, updated));
      });

      if (stacks.includes("dev")) {
        it("dev never has fewer pods than the autoscaler's minimum when it is switched on", switchOnAutoscaling);
        it("dev takes its number of pods back from an autoscaler that has scaled them", switchOffAutoscaling);
      }

      it("leave nothing when they are destroyed, since only prod is protected", async () => {
        await destroyAll();
      });

      it("come up again, and go", async function () {
        takesLong(this);
        for (const { events } of await all((stack) => own.up(stack))) assert.deepEqual(violations(events), []);
        await all((stack) => own.previewWithoutChange(stack));
        await destroyAll();
      });

      async function destroyAll(): Promise<void> {
        await all((stack) => own.destroy(stack));
        assert.deepEqual(await madeByPulumi(own), shared);
      }
    });

  // Mocha runs the tests of a suite before those of its inner suites.
  describe("in the end", () => {
    it("leave nothing at all when the cluster's stack goes too", async () => {
      await own.destroy(owner);
      assert.deepEqual(await madeByPulumi(own), []);
      assert.deepEqual(await remains(own), []);
    });
  });

  async function switchOnAutoscaling(): Promise<void> {
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
  }

  async function switchOffAutoscaling(): Promise<void> {
    const stack = "dev";
    const gateway = "keelson:services.gateway";
    await own.set(stack, `${gateway}.autoscaling.min`, "6");
    await own.up(stack);
    // From here on the number of pods is the autoscaler's field.
    await reached({ wanted: 6, ready: 6 });
    await own.set(stack, `${gateway}.autoscaling`, "false");
    await own.set(stack, `${gateway}.replicas`, "2");
    await own.up(stack);
    assert.equal(await own.command("kubectl", ...inNamespace, "get", "hpa", "-o", "name"), "");
    // Its last round may have come after the number was set, and before it was gone itself.
    await own.engine("up", "--refresh", "--stack", stack, "--yes", "--skip-preview");
    await reached({ wanted: 2, ready: 2 });
    await own.previewWithoutChange(stack);
    await own.refreshWithoutChange(stack);
  }

  const inNamespace = ["-n", "codelab-dev"];
  const gatewayReplicas = [
    ...[...inNamespace, "get", "deployment", "gateway"],
    ...["-o", 'jsonpath={.spec.replicas} {.status.readyReplicas}{"\\n"}'],
  ];

  /** Waits for the autoscaler's next rounds, one in 15 seconds. */
  async function reached(expected: Replicas): Promise<void> {
    for (let round = 0; round < 60; round += 1) {
      if (isDeepStrictEqual(await replicas(), expected)) return;
      await sleep(1000);
    }
    assert.deepEqual(await replicas(), expected);
  }

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
