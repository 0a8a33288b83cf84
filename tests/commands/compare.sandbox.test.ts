import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { stringify } from "yaml";
import type { Report } from "../../report/model.ts";

const checkout = process.cwd();

/** A checkout of the test's small program, with colours of its own. */
async function checkoutWith(folder: string, colours: Record<string, string>, policy: object): Promise<string> {
  const path = await realpath(await mkdtemp(join(folder, "checkout-")));
  const entries = (await readdir(checkout)).filter(
    (name) => !/^(\.git|index\.ts|policy\.json|Pulumi\..+\.yaml)$/.test(name),
  );
  for (const name of entries) await symlink(join(checkout, name), join(path, name));
  await symlink(fileURLToPath(new URL("gate-program.ts", import.meta.url)), join(path, "index.ts"));
  const config = { "keelson:system": "codelab", "keelson:environment": "dev", "keelson:colours": colours };
  await writeFile(join(path, "Pulumi.dev.yaml"), stringify({ config }));
  await writeFile(join(path, "policy.json"), JSON.stringify(policy));
  return path;
}

describe("npm run compare", function () {
  this.timeout(600_000);

  it("tells what another checkout would change, by the rules of this one, and beside it by those of the other", async () => {
    const folder = await mkdtemp(join(tmpdir(), "keelson-compare-test-"));
    const strict = { "no-default-namespace": "mandatory" };
    const base = await checkoutWith(folder, { first: "red", second: "red" }, strict);
    const change = await checkoutWith(folder, { first: "blue", third: "red" }, { "no-default-namespace": "disabled" });
    const output = join(folder, "report");
    const words = ["--change", change, "--stack", "dev", "--output", output];
    const { exitCode, all } = await execa(
      "node",
      ["--import", "./commands/check-node.mjs", "commands/compare.ts", ...words],
      {
        cwd: base,
        reject: false,
        all: true,
      },
    );
    assert.equal(exitCode, 5, all);
    const report = JSON.parse(await readFile(join(output, "report.json"), "utf8")) as Report;
    const [stack] = report.stacks;
    assert.equal(report.verdict, "policy");
    assert.deepEqual(stack?.changes.list.map(({ operation, name }) => `${operation} ${name}`).sort(), [
      "create third",
      "delete second",
      "update first",
    ]);
    const broken = stack?.findings.filter(
      ({ rule, verdict }) => rule === "no-default-namespace" && verdict === "broken",
    );
    assert.deepEqual(broken?.map(({ object, since }) => `${object} ${since}`).sort(), [
      "ConfigMap default/first existing",
      "ConfigMap default/third new",
    ]);
    const own = JSON.parse(await readFile(join(output, "own-pack", "report.json"), "utf8")) as Report;
    assert.equal(own.verdict, "clean");
    await rm(folder, { recursive: true });
  });
});
