import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
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

  it("are known to run from the moment they are started, many at once", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `process-${index}`);
    const wait = ["--eval", "setTimeout(() => {}, 60_000)", home];
    try {
      const known = await Promise.all(
        names.map(async (name) => {
          const pid = await startProcess({ name, command: process.execPath, arguments: wait }, logs);
          return (await runningPid(logs, name)) === pid;
        }),
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
    await startProcess({ name: "short", command, arguments: ["--eval", "0", home] }, logs);
    const deadline = performance.now() + 10_000;
    while ((await runningPid(logs, "short")) !== undefined) assert.ok(performance.now() < deadline);
    const stranger = ["--eval", "setTimeout(() => {}, 60_000)"];
    const pid = await startProcess({ name: "stranger", command, arguments: stranger }, logs);
    assert.equal(await runningPid(logs, "stranger"), undefined);
    process.kill(pid);
  });
});
