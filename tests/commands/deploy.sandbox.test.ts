import assert from "node:assert/strict";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Report } from "../../report/model.ts";
import { OwnSandbox } from "../life/own-sandbox.ts";

const stack = "dev";

describe("the gate before an update", function () {
  this.timeout(600_000);
  let own: OwnSandbox;

  before(async () => {
    own = await OwnSandbox.started();
    const program = join(own.sandbox.paths.project, "index.ts");
    await rm(program);
    await symlink(fileURLToPath(new URL("gate-program.ts", import.meta.url)), program);
    await colour("first", "red");
    await colour("second", "red");
  });
  after(() => own.remove());

  const run = async (command: string, ...words: string[]) => {
    const checkNode = ["--import", "./commands/check-node.mjs"];
    const { exitCode, stdout, stderr } = await own.sandbox.run("node", [
      ...checkNode,
      `commands/${command}.ts`,
      "--stack",
      stack,
      ...words,
    ]);
    return { exitCode, output: `${stdout}\n${stderr}` };
  };
  const colour = (name: string, to: string) => own.set(stack, `keelson:colours.${name}`, to);
  const file = (name: string) => join(own.home, name);
  const report = async (folder: string) => {
    const { exitCode, output } = await run("report", "--output", file(folder));
    assert.equal(exitCode, 0, output);
    return join(file(folder), "report.json");
  };
  const deploy = (...words: string[]) => run("deploy", ...words);
  const inCluster = async () =>
    (
      await own.command(
        "kubectl",
        "get",
        "configmaps",
        "first",
        "second",
        "--ignore-not-found",
        "--output",
        "jsonpath={.items[*].data.colour}",
      )
    ).trim();

  it("applies what was approved", async () => {
    const approved = await report("first");
    const { exitCode, output } = await deploy("--report", approved, "--output", file("done"));
    assert.equal(exitCode, 0, output);
    assert.equal(await inCluster(), "red red");
    const { stacks, verdict } = JSON.parse(await readFile(join(file("done"), "report.json"), "utf8")) as Report;
    assert.deepEqual([verdict, stacks[0]?.operation, stacks[0]?.counts.create], ["clean", "update", 3]);
  });

  it("refuses what was changed since, says what, and changes nothing", async () => {
    await colour("first", "blue");
    const approved = await report("blue");
    await colour("first", "green");
    await colour("second", "green");
    const { exitCode, output } = await deploy("--report", approved);
    assert.equal(exitCode, 4, output);
    assert.match(output, /not approved: update ConfigMap default\/second/);
    assert.match(output, /update ConfigMap default\/first, other than approved in data\.colour/);
    assert.equal(await inCluster(), "red red");
  });

  it("tells a broken rule by status 5, a failing program by status 1, and changes nothing", async () => {
    await own.set(stack, "keelson:environment", "staging");
    const policy = await deploy("--report", join(file("blue"), "report.json"));
    assert.equal(policy.exitCode, 5, policy.output);
    assert.match(
      policy.output,
      /mandatory rules are broken, nothing was changed:\n {2}no-default-namespace: ConfigMap default\/first/,
    );
    await own.set(stack, "keelson:environment", "dev");
    await colour("first", "plaid");
    const program = await deploy("--report", join(file("blue"), "report.json"));
    assert.equal(program.exitCode, 1, program.output);
    assert.match(program.output, /nothing was changed:\n[\s\S]*plaid is no colour/);
    assert.equal(await inCluster(), "red red");
  });

  it("refuses where the pack did not judge with every rule", async () => {
    const pack = file("hollow-pack");
    await mkdir(pack);
    for (const name of ["PulumiPolicy.yaml", "package.json"])
      await cp(join(own.sandbox.paths.project, "policies", name), join(pack, name));
    await symlink(join(process.cwd(), "node_modules"), join(pack, "node_modules"));
    await writeFile(
      join(pack, "index.mjs"),
      'import { PolicyPack } from "@pulumi/policy";\nnew PolicyPack("keelson", { policies: [] });\n',
    );
    await colour("first", "blue");
    await colour("second", "red");
    const { exitCode, output } = await deploy("--report", join(file("blue"), "report.json"), "--policy-pack", pack);
    assert.equal(exitCode, 1, output);
    assert.match(output, /nothing was changed:\n {2}(the policy pack did not run|rules of the pack did not judge: )/);
    assert.equal(await inCluster(), "red red");
  });

  it("finds drift, keeps one place that tells of it, and clears that when it is over", async () => {
    await colour("first", "red");
    const told = file("drift.md");
    const drift = () => run("drift", "--provider", "file", "--file", told);
    const patch = ["--type", "merge", "--patch", '{"data":{"colour":"pink"}}'];
    await own.command("kubectl", "patch", "configmap", "first", ...patch);
    const { exitCode, output } = await drift();
    assert.equal(exitCode, 4, output);
    assert.match(output, /Drift; an update would\n {2}update ConfigMap default\/first\n/);
    assert.match(
      await readFile(told, "utf8"),
      /^<!-- keelson:comment v1 name=drift-dev [\s\S]*updated\*\* `ConfigMap default\/first`[\s\S]*data\.colour\n- "?pink"?\n\+ "?red"?/,
    );
    await own.engine("up", "--stack", stack, "--yes", "--skip-preview", "--refresh");
    const over = await drift();
    assert.equal(over.exitCode, 0, over.output);
    await assert.rejects(readFile(told), { code: "ENOENT" });
  });

  it("leaves an update without a gate to npm run report -- --up, which tells of it", async () => {
    await colour("first", "blue");
    const { exitCode, output } = await run("report", "--up", "--output", file("updated"));
    assert.equal(exitCode, 0, output);
    assert.equal(await inCluster(), "blue red");
    const { stacks, verdict } = JSON.parse(await readFile(join(file("updated"), "report.json"), "utf8")) as Report;
    assert.deepEqual([verdict, stacks[0]?.operation, stacks[0]?.counts.update], ["clean", "update", 1]);
  });
});
