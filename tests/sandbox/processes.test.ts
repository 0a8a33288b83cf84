import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runningPid, startProcess, stopProcess } from "../../sandbox/processes.ts";

describe("processes of the sandbox", () => {
  let home: string;
  let logs: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "keelson-processes-"));
    logs = join(home, "logs");
    await mkdir(logs);
  });
  afterEach(() => rm(home, { recursive: true }));

  const script = ["--eval", "setTimeout(() => {}, 60_000)", "--"];
  const start = async (name: string, ...more: string[]) => {
    const command = join(home, name);
    await symlink(process.execPath, command).catch(() => undefined);
    return startProcess({ name, command, arguments: [...script, ...more] }, logs);
  };

  it("are known to run from the moment they are started, many at once", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `process-${index}`);
    try {
      const known = await Promise.all(
        names.map(async (name) => (await start(name, join(home, "file"))) === (await runningPid(logs, name))),
      );
      assert.deepEqual(
        names.filter((_, index) => !known[index]),
        [],
      );
    } finally {
      await Promise.all(names.map((name) => stopProcess(logs, name)));
    }
  });

  it("are told from those that have ended, and from others to which their number was given", async () => {
    const command = process.execPath;
    await startProcess({ name: "short", command, arguments: ["--eval", "0", join(home, "file")] }, logs);
    const deadline = performance.now() + 10_000;
    while ((await runningPid(logs, "short")) !== undefined) assert.ok(performance.now() < deadline);
    const stranger = await startProcess({ name: "stranger", command, arguments: script }, logs);
    const neighbour = await startProcess(
      { name: "neighbour", command, arguments: [...script, `${home}-2/file`] },
      logs,
    );
    try {
      assert.equal(await runningPid(logs, "stranger"), undefined);
      assert.equal(await runningPid(logs, "neighbour"), undefined);
    } finally {
      process.kill(stranger);
      process.kill(neighbour);
    }
  });

  it("are found and ended, all of them, where a start was killed before it noted their number", async () => {
    const pids = [await start("etcd", `--data-dir=${home}/etcd`), await start("etcd", `--url=unix://${home}/e`)];
    const other = await start("kwok", `--config=${home}/stages.yaml`);
    try {
      await rm(join(logs, "etcd.pid"));
      assert.ok(pids.includes((await runningPid(logs, "etcd")) ?? 0));
      await stopProcess(logs, "etcd");
      assert.equal(await runningPid(logs, "etcd"), undefined);
      assert.equal(await runningPid(logs, "kwok"), other);
    } finally {
      await stopProcess(logs, "kwok");
      for (const pid of pids) assert.equal(await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""), "");
    }
  });

  it("are told of in one message where they are no programs", async () => {
    const command = join(home, "etcd");
    await writeFile(command, "\u007fELF", { mode: 0o644 });
    const started = startProcess({ name: "etcd", command, arguments: [] }, logs);
    await assert.rejects(started, {
      name: "SandboxError",
      message: /etcd could not be started: spawn .*clean --tools/,
    });
  });
});
