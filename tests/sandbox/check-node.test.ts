import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";

describe("the check of the Node.js version", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "keelson-node-"));
    await writeFile(join(folder, "program.ts"), "const answer: number = 42;\nconsole.log(answer);\n");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const run = (...flags: string[]) =>
    execa(process.execPath, [...flags, "--import", resolve("commands/check-node.mjs"), join(folder, "program.ts")], {
      reject: false,
    });

  it("lets a Node.js that reads TypeScript go on", async () => {
    assert.equal((await run()).stdout, "42");
  });

  it("ends one that does not in one line, with the exit code that Pulumi takes for already told", async () => {
    const { exitCode, stderr, stdout } = await run("--no-strip-types");
    assert.equal(exitCode, 32);
    assert.equal(stdout, "");
    assert.match(stderr, /^Keelson needs Node\.js 22\.18 or newer, this is v[\d.]+: .*$/);
  });
});
