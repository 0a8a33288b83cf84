import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { livingLockHolders } from "../../commands/stack-lock.ts";

describe("livingLockHolders", () => {
  let root: string;
  let engine: ChildProcess;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-lock-"));
    const program = join(root, "pulumi");
    await writeFile(program, "#!/bin/sh\necho up\nread end\n", { mode: 0o755 });
    engine = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    await once(engine.stdout as NonNullable<typeof engine.stdout>, "data");
  });
  afterEach(async () => {
    engine.kill("SIGKILL");
    await rm(root, { recursive: true });
  });

  const write = async (stack: string, content: string) => {
    const folder = join(root, ".pulumi", "locks", "organization", "keelson", stack);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "3f1c.json"), content);
  };
  const lock = (stack: string, change: object = {}) =>
    write(
      stack,
      JSON.stringify({ pid: engine.pid, hostname: hostname(), timestamp: new Date().toISOString(), ...change }),
    );
  const holders = (backend = `file://${root}`, stack = "dev") => livingLockHolders({ backend, cwd: root }, stack);

  it("finds an engine that still runs", async () => {
    await lock("dev");
    assert.deepEqual(await holders(), [engine.pid]);
    assert.deepEqual(await holders(`file://${root}`, "organization/keelson/dev"), [engine.pid]);
  });
  it("finds it by the backend's path as the engine reads it: relative, and with words for the engine behind it", async () => {
    await lock("dev");
    assert.deepEqual(await holders("file://."), [engine.pid]);
    assert.deepEqual(await holders(`file://${root}?no_tmp_dir=true`), [engine.pid]);
  });
  it("passes over one that was killed", async () => {
    await lock("dev");
    engine.kill("SIGKILL");
    while (engine.signalCode === null) await sleep(10);
    assert.deepEqual(await holders(), []);
  });
  it("passes over a process that is no engine, and one that began after the lock: its number was given out again", async () => {
    await lock("dev", { pid: process.pid });
    assert.deepEqual(await holders(), []);
    await lock("dev", { timestamp: new Date(Date.now() - 60_000).toISOString() });
    assert.deepEqual(await holders(), []);
  });
  for (const broken of ["", '{"pid":1', "null", "{}"]) {
    it(`passes over a lock that says ${broken || "nothing"}`, async () => {
      await write("dev", broken);
      assert.deepEqual(await holders(), []);
    });
  }
  it("passes over other machines and other stacks", async () => {
    await lock("dev", { hostname: "elsewhere" });
    await lock("prod");
    assert.deepEqual(await holders(), []);
  });
  it("passes over a stack of the same name in another project", async () => {
    await lock("dev");
    await writeFile(join(root, "Pulumi.yaml"), "name: harbour\nruntime: nodejs\n");
    assert.deepEqual(await holders(), []);
    await writeFile(join(root, "Pulumi.yaml"), "name: keelson\nruntime: nodejs\n");
    assert.deepEqual(await holders(), [engine.pid]);
  });
  it("finds none without locks or with another backend", async () => {
    assert.deepEqual(await holders(), []);
    assert.deepEqual(await holders("s3://bucket"), []);
  });
});
