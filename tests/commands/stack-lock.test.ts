import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { livingLockHolders } from "../../commands/stack-lock.ts";

describe("livingLockHolders", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-lock-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  const lock = async (stack: string, content: object) => {
    const folder = join(root, ".pulumi", "locks", "organization", "keelson", stack);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "3f1c.json"), JSON.stringify(content));
  };
  const holders = () => livingLockHolders({ backend: `file://${root}`, cwd: root }, "dev");

  it("finds an engine that still runs", async () => {
    await lock("dev", { pid: process.pid, hostname: hostname() });
    assert.deepEqual(await holders(), [process.pid]);
  });
  it("passes over one that was killed", async () => {
    // No process has an id this high (Linux: /proc/sys/kernel/pid_max is at most 2^22).
    await lock("dev", { pid: 2 ** 22 + 1, hostname: hostname() });
    assert.deepEqual(await holders(), []);
  });
  it("passes over other machines and other stacks", async () => {
    await lock("dev", { pid: process.pid, hostname: "elsewhere" });
    await lock("prod", { pid: process.pid, hostname: hostname() });
    assert.deepEqual(await holders(), []);
  });
  it("finds none without locks or with another backend", async () => {
    assert.deepEqual(await holders(), []);
    assert.deepEqual(await livingLockHolders({ backend: "s3://bucket", cwd: root }, "dev"), []);
  });
});
