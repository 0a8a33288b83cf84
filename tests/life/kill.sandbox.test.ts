import assert from "node:assert/strict";
import { copyFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommandResult } from "../../sandbox/index.ts";
import { takesLong } from "../skip.ts";
import { madeByPulumi, secretValues } from "./cluster.ts";
import { changed } from "./engine-events.ts";
import { killedUp } from "./kill.ts";
import { OwnSandbox } from "./own-sandbox.ts";
import { objectsOf, stateOf } from "./stack-state.ts";

/** Where in the way of an update the engine is killed, as shares of its steps. */
const tenPoints = [0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 0.97];
/** The one that CI takes, while the workloads are made; the state that is cut off is another, in the midst of the passwords. */
const lastWorkloads = 0.85;

describe("an engine that is killed while stack dev comes up", function () {
  this.timeout(300_000);
  const stack = "dev";
  /** What a whole update makes; the same each time. */
  let planned: string[] | undefined;

  for (const point of tenPoints) {
    it(`after ${Math.round(point * 100)} % of its steps: recover brings everything to its end`, async function () {
      if (point !== lastWorkloads) takesLong(this);
      const own = await OwnSandbox.started();
      try {
        await survivesKill(own, point);
      } finally {
        await own.remove();
      }
    });
  }

  for (const [what, ending] of [
    // As the engine puts a checkpoint in place: its attributes are made first, and filled in the next moment.
    ["while it writes its state", ".json.attrs"],
    ["with the machine, so that its state is cut off", ".json"],
  ] as const) {
    it(`${what}: recover reads it again`, async function () {
      takesLong(this);
      const own = await OwnSandbox.started();
      const file = join(own.sandbox.paths.state, ".pulumi", "stacks", "keelson", stack);
      try {
        await survivesKill(own, 0.3, async () => {
          await rm(`${file}.json.attrs`);
          await copyFile(`${file}.json`, `${file}.json.bak`);
          await writeFile(`${file}${ending}`, "");
        });
      } finally {
        await own.remove();
      }
    });
  }

  it("recover takes nothing over that the update had not begun to create", async () => {
    const own = await OwnSandbox.started();
    try {
      await killedUp(own, stack, 10);
      const controller = "example.com/of-somebody-else";
      const file = join(own.home, "foreign.json");
      const metadata = { name: "nginx" };
      await writeFile(
        file,
        JSON.stringify({ apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata, spec: { controller } }),
      );
      await own.command("kubectl", "create", "-f", file);
      const { exitCode, stderr } = await recover(own);
      assert.equal(exitCode, 1);
      assert.match(
        stderr,
        /^recover: these objects exist and are not this stack's: IngressClass nginx; nothing was changed/,
      );
      const found = await own.command("kubectl", "get", "ingressclass", "nginx", "-o", "jsonpath={.spec.controller}");
      assert.equal(found, controller);
    } finally {
      await own.remove();
    }
  });

  function recover({ sandbox }: OwnSandbox): Promise<CommandResult> {
    return sandbox.run("node", ["commands/recover.ts", "--stack", stack]);
  }

  async function survivesKill(own: OwnSandbox, point: number, spoil = async () => {}): Promise<void> {
    planned ??= changed((await own.preview(stack)).events);
    const steps = Math.ceil(2 * planned.length * point);
    assert.equal(await killedUp(own, stack, steps), steps, "the engine was killed before it was done");
    await spoil();
    const before = await secretValues(own);

    const plain = await own.attempt(["up", "--stack", stack, "--yes", "--skip-preview"]);
    assert.notEqual(plain.exitCode, 0);
    // The kill may have hit the writing of the state itself, which the engine then says.
    assert.match(plain.output, /currently locked.*pulumi cancel|failed to load checkpoint/s);

    const { exitCode, stdout, stderr } = await recover(own);
    assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
    assert.match(stdout, /Released the lock[\s\S]*Recovered: stack dev is complete/);

    const state = await stateOf(own, stack);
    assert.deepEqual(state.pending, []);
    assert.deepEqual(state.resources.map(({ urn }) => urn).sort(), planned);
    assert.deepEqual(await madeByPulumi(own), objectsOf(state.resources));
    const after = await secretValues(own);
    for (const [name, value] of Object.entries(before)) assert.ok(after[name] === value, `${name} is the same`);
    await own.previewWithoutChange(stack);
    assert.deepEqual(await own.processesLeft(), []);
  }
});
