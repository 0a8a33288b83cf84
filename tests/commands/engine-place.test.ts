import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { sandboxPaths } from "../../sandbox/paths.ts";

describe("where a command's engine runs", function () {
  this.timeout(60_000);
  let root: string;
  let home: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-place-"));
    home = join(root, "home");
    await mkdir(home);
    const answer = JSON.stringify({ url: "postgres://me:secret@db/state", deployment: {} }, null, 2);
    const program = `#!/bin/sh\necho "$*" >> "${root}/calls"\ncat <<'END'\n${answer}\nEND\n`;
    await writeFile(join(root, "pulumi"), program, { mode: 0o755 });
  });
  afterEach(() => rm(root, { recursive: true }));

  /** A sandbox that was stopped, as by a restart of the machine. */
  const stopped = async () => {
    const { tag, marker } = sandboxPaths(home);
    await writeFile(tag, "");
    const made = { server: "https://127.0.0.1:1", kubeconfig: "kubeconfig", plugins: { nodejs: "stand-in" } };
    await writeFile(marker, JSON.stringify(made));
  };
  const recover = (words: string[] = [], env: NodeJS.ProcessEnv = {}) =>
    execa(process.execPath, ["commands/recover.ts", "--stack", "dev", ...words], {
      // Starting the sandbox ends at once with this, which tells that it was meant.
      env: { ...env, KEELSON_SANDBOX_HOME: home, KEELSON_TOOLS: "nowhere", PATH: env.PATH ?? path() },
      reject: false,
      all: true,
      stdin: "ignore",
    });
  const path = () => [root, process.env.PATH].join(delimiter);
  const calls = () => readFile(join(root, "calls"), "utf8").catch(() => "");

  it("is the sandbox where there is one that does not run: the own backend is not asked anything", async () => {
    await stopped();
    const { exitCode, all } = await recover();
    assert.equal(all, 'error: KEELSON_TOOLS is "nowhere"; it can be auto, installed, download or build');
    assert.equal(exitCode, 1);
    assert.equal(await calls(), "");
  });
  it("is the sandbox in whose shell one is, too", async () => {
    await stopped();
    const { all } = await recover([], { KEELSON_SANDBOX: join(home, "sandbox.json") });
    assert.match(all, /^error: KEELSON_TOOLS is "nowhere"/);
    assert.equal(await calls(), "");
  });
  it("is the own backend where there is no sandbox, and its name has no password in it", async () => {
    const { exitCode, all } = await recover();
    assert.equal(exitCode, 0, all);
    assert.match(all, /^Recovering stack dev in your Pulumi backend postgres:\/\/db\/state$/m);
    assert.match(await calls(), /^cancel --yes --stack dev/m);
  });
  it("is the own backend where that is asked for", async () => {
    await stopped();
    const { exitCode, all } = await recover(["--backend", "own"]);
    assert.equal(exitCode, 0, all);
    assert.match(all, /in your Pulumi backend/);
  });
  for (const [what, words, entered, message] of [
    ["a sandbox that is not there", "sandbox", false, /^error: --backend sandbox: there is no sandbox in .*home; /],
    ["the own backend from the sandbox's shell", "own", true, /^error: --backend own: this is the sandbox's shell/],
    ["another word", "cloud", false, /^recover: there is no backend "cloud"/],
  ] as const) {
    it(`is nowhere where ${what} is asked for`, async () => {
      const { exitCode, all } = await recover(
        ["--backend", words],
        entered ? { KEELSON_SANDBOX: join(home, "sandbox.json") } : {},
      );
      assert.notEqual(exitCode, 0);
      assert.match(all, message);
      assert.equal(await calls(), "");
    });
  }
  it("says so where there is no engine", async () => {
    const { exitCode, all } = await recover([], {
      PATH: home,
    });
    assert.equal(exitCode, 1);
    assert.match(all, /^recover: pulumi cancel --yes failed:\nthere is no command pulumi on PATH$/m);
  });
});
