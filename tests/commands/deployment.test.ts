import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { sandboxPaths } from "../../sandbox/paths.ts";

describe("a deployment into the sandbox", function () {
  this.timeout(60_000);
  let root: string;
  let home: string;
  let started: ChildProcess[];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-deployment-"));
    home = join(root, "home");
    started = [];
  });
  afterEach(async () => {
    for (const child of started) child.kill("SIGKILL");
    await rm(root, { recursive: true });
  });

  const sandbox = (verb: string) =>
    execa(process.execPath, ["commands/sandbox.ts", verb], {
      env: { KEELSON_SANDBOX_HOME: home },
      reject: false,
      all: true,
      stdin: "ignore",
    });
  const run = async (command: string, ...args: string[]) => {
    const env = { ...process.env, KEELSON_SANDBOX_HOME: home };
    const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "inherit"] });
    started.push(child);
    await once(child.stdout, "data");
    return child;
  };
  /** A deployment that goes on until it is killed. */
  const deployment = (stack: string) =>
    run(
      process.execPath,
      "--input-type=module",
      "--eval",
      `import { deploying } from ${JSON.stringify(join(process.cwd(), "commands", "deployment.ts"))};
      await deploying("${stack}", console.log, () => {
        console.log("deploying");
        return new Promise((resolve) => setTimeout(resolve, 60_000));
      });`,
    );

  for (const verb of ["stop", "reset", "clean"]) {
    it(`is not ended by ${verb}`, async () => {
      const { pid } = await deployment("dev");
      const { exitCode, all } = await sandbox(verb);
      assert.equal(all, `error: an update of stack dev runs (process ${pid}): end it first`);
      assert.equal(exitCode, 1);
    });
  }
  it("is not ended by stop where an engine was run in the sandbox's shell", async () => {
    const program = join(root, "pulumi");
    await writeFile(program, "#!/bin/sh\necho up\nread end\n", { mode: 0o755 });
    const { pid } = await run(program);
    const folder = join(sandboxPaths(home).state, ".pulumi", "locks", "organization", "keelson", "prod");
    await mkdir(folder, { recursive: true });
    const lock = { pid, hostname: hostname(), timestamp: new Date().toISOString() };
    await writeFile(join(folder, "1.json"), JSON.stringify(lock));
    const { exitCode, all } = await sandbox("stop");
    assert.equal(all, `error: an update of stack prod runs (process ${pid}): end it first`);
    assert.equal(exitCode, 1);
  });
  it("is in nobody's way after it was killed", async () => {
    const child = await deployment("dev");
    child.kill("SIGKILL");
    await mkdir(home);
    await writeFile(sandboxPaths(home).tag, "");
    const { exitCode, all } = await sandbox("clean");
    assert.equal(exitCode, 0, all);
    assert.ok(!existsSync(home));
  });
  it("is told of in one line where who deploys cannot be read", async () => {
    await deployment("dev");
    await writeFile(`${home}.deployment.json`, "{");
    const { exitCode, all } = await sandbox("stop");
    const file = `${home}.deployment.json`;
    assert.equal(all, `error: ${file} is damaged: remove that file, then npm run sandbox -- start`);
    assert.equal(exitCode, 1);
  });
  it("waits for another one", async () => {
    await deployment("dev");
    const waiting = await execa(process.execPath, ["commands/start.ts"], {
      env: { KEELSON_SANDBOX_HOME: home },
      reject: false,
      all: true,
      timeout: 5000,
    });
    assert.ok(waiting.timedOut);
    assert.equal(waiting.all, "another run is at a deployment into this sandbox: waiting for it");
    assert.ok(!existsSync(home), "nothing was started");
  });
});
