import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SandboxError } from "../../sandbox/index.ts";
import { exclusively, type WaitOptions } from "../../sandbox/lock.ts";

describe("the lock between runs", function () {
  this.timeout(40_000);
  let folder: string;
  let lines: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "keelson-lock-"));
    lines = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  const lock = <T>(work: () => Promise<T>) =>
    exclusively(join(folder, ".lock"), "its work", (line) => lines.push(line), work);

  it("lets one at a time work, tells the others that they wait, and is free after a failure", async () => {
    let busy = 0;
    const work = async () => {
      busy += 1;
      assert.equal(busy, 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      busy -= 1;
    };
    await assert.rejects(
      lock(() => Promise.reject(new Error("failed"))),
      /failed/,
    );
    await Promise.all([lock(work), lock(work), lock(work)]);
    assert.ok(lines.includes("another run is at its work: waiting for it"));
  });

  it("leaves another lock in the same folder alone", async () => {
    const [one, other] = [join(folder, "one.lock"), join(folder, "other.lock")];
    const take = <T>(file: string, work: () => Promise<T>) => exclusively(file, "its work", () => undefined, work);
    await take(one, () => take(other, async () => assert.ok(existsSync(one) && existsSync(other))));
    assert.ok(!existsSync(one) && !existsSync(other), "both are free again");
  });

  it("is taken over where its time is in the future and nobody keeps it fresh", async () => {
    await mkdir(join(folder, ".lock"));
    const later = new Date(Date.now() + 86_400_000);
    await utimes(join(folder, ".lock"), later, later);
    assert.equal(await lock(async () => "mine"), "mine");
  });

  it("ends in one message where waiting takes too long, and at once where nobody shall wait", async () => {
    const again = (options: WaitOptions) =>
      exclusively(
        join(folder, ".lock"),
        "its work",
        () => undefined,
        async () => "mine",
        options,
      );
    await lock(async () => {
      await assert.rejects(again({ seconds: 1 }), (error: Error) => {
        assert.ok(error instanceof SandboxError);
        assert.equal(error.message, "another run is at its work for longer than 1 s: end it, then try again");
        return true;
      });
      await assert.rejects(again({ held: () => Promise.reject(new SandboxError("no")) }), /^SandboxError: no$/);
    });
  });

  it("is taken over from a run that was killed", async () => {
    const program = `
      import { exclusively } from ${JSON.stringify(join(process.cwd(), "sandbox", "lock.ts"))};
      await exclusively(${JSON.stringify(join(folder, ".lock"))}, "", () => undefined, () => {
        console.log("locked");
        return new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
    const holder = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    holder.kill("SIGKILL");
    assert.equal(await lock(async () => "mine"), "mine");
  });
});
