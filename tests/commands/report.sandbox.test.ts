import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { reportSchema } from "../../report/model.ts";
import { findCanaries } from "../life/canaries.ts";
import { OwnSandbox } from "../life/own-sandbox.ts";

const canary = "kQ9-canary-Lm3VxZ8wTb2R";

describe("npm run report", function () {
  this.timeout(300_000);
  let own: OwnSandbox;
  let folder: string;

  before(async () => {
    own = await OwnSandbox.started();
    folder = await mkdtemp(join(tmpdir(), "keelson-report-test-"));
    await own.set("dev", "keelson:secrets.openai-api-key", canary, "--secret");
    const program = join(own.sandbox.paths.project, "index.ts");
    await rm(program);
    await symlink(fileURLToPath(new URL("../report/edited-program.ts", import.meta.url)), program);
  });
  after(async () => {
    await own.remove();
    await rm(folder, { recursive: true });
  });

  const report = (words: string[], env: NodeJS.ProcessEnv = {}) =>
    own.sandbox.run("node", ["commands/report.ts", ...words], env);
  const made = async () => reportSchema.parse(JSON.parse(await readFile(join(folder, "report.json"), "utf8")));

  it("tells of a clean preview in every format, proves that the pack judged, and says the same twice", async () => {
    const first = await report(["--stack", "dev", "--output", folder]);
    assert.equal(first.exitCode, 0, `${first.stdout}\n${first.stderr}`);
    const { stacks } = await made();
    const [stack] = stacks;
    assert.ok(stack);
    assert.ok(stack.counts.create > 100);
    assert.deepEqual(
      stack.packs.map(({ name, missing }) => ({ name, missing })),
      [{ name: "keelson", missing: [] }],
    );
    assert.ok((stack.packs[0]?.judged.length ?? 0) > 100);
    assert.deepEqual((await readdir(folder)).sort(), [
      "comment.md",
      "junit.xml",
      "report.json",
      "report.sarif",
      "summary.md",
    ]);
    const second = await report(["--stack", "dev", "--json"]);
    const again = reportSchema.parse(JSON.parse(second.stdout)).stacks[0];
    assert.equal(again?.changes.digest, stack.changes.digest);
    // Of two objects that break a rule together, a rule may name the one or the other.
    const rulesOf = (one: typeof stack) => one.findings.map(({ rule, verdict }) => `${rule} ${verdict}`).sort();
    assert.ok(again);
    assert.deepEqual(rulesOf(again), rulesOf(stack));
  });

  it("ends with status 5 where only a mandatory rule is broken, and tells a secret to nobody", async () => {
    const path = ["spec", "template", "spec", "containers", 0];
    const edits = [
      { resource: "codelab-gateway-deployment", path: [...path, "resources", "limits", "memory"] },
      // Where neither the engine nor the name of the field says that it is a secret.
      { resource: "codelab-gateway-deployment", path: ["metadata", "annotations"], value: { note: `see ${canary}` } },
    ];
    const { exitCode, stdout, stderr } = await report(["--stack", "dev", "--output", folder], {
      EDITS: JSON.stringify(edits),
    });
    assert.equal(exitCode, 5, `${stdout}\n${stderr}`);
    const rules = (await made()).stacks[0]?.findings.filter(
      ({ level, verdict }) => level === "mandatory" && verdict === "broken",
    );
    assert.ok(
      rules?.some(({ rule, object }) => rule === "memory-limits-set" && object === "Deployment codelab-dev/gateway"),
    );
    const texts = Object.fromEntries(
      await Promise.all(
        (await readdir(folder)).map(async (file) => [file, await readFile(join(folder, file), "utf8")]),
      ),
    ) as Record<string, string>;
    assert.deepEqual(findCanaries([canary], { ...texts, stdout, stderr }), []);
  });

  it("ends with status 1 and says why where the program or the engine fails", async () => {
    await own.set("dev", "keelson:domian", "x");
    const wrong = await report(["--stack", "dev"]);
    assert.equal(wrong.exitCode, 1);
    assert.match(wrong.stdout, /What failed[\s\S]*keelson:domian/);
    const none = await report(["--stack", "nowhere"]);
    assert.equal(none.exitCode, 1);
    assert.match(none.stdout, /What failed[\s\S]*no stack named 'nowhere'/);
  });
});
