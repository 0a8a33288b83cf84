import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

describe("runForeground", function () {
  this.timeout(60_000);
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-foreground-"));
    const program = `#!/bin/sh\ntrap 'echo ended > "${root}/told"; exit 0' INT\necho up\nwhile :; do sleep 0.1; done\n`;
    await writeFile(join(root, "pulumi"), program, { mode: 0o755 });
  });
  afterEach(() => rm(root, { recursive: true }));

  /** A command of ours that runs another one; in a group of its own, as a terminal makes it. */
  function run(command: string, ...args: string[]) {
    const program = `
      import { runForeground } from ${JSON.stringify(join(process.cwd(), "commands", "run-foreground.ts"))};
      const sandbox = { paths: { project: ${JSON.stringify(root)} }, env: process.env };
      process.exitCode = await runForeground(sandbox, ...${JSON.stringify([command, args])});`;
    return spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
  }
  async function ended(child: ReturnType<typeof run>) {
    let said = "";
    child.stderr.on("data", (data) => {
      said += data;
    });
    const [code] = await once(child, "close");
    return { code, said };
  }

  for (const [signal, toGroup, status] of [
    ["SIGTERM", false, 143],
    ["SIGHUP", true, 129],
  ] as const) {
    it(`lets the engine end in order upon ${signal}`, async () => {
      const child = run(join(root, "pulumi"));
      await once(child.stdout, "data");
      process.kill(toGroup ? -(child.pid ?? 0) : (child.pid ?? 0), signal);
      assert.equal((await ended(child)).code, status);
      assert.equal(await readFile(join(root, "told"), "utf8"), "ended\n");
    });
  }
  for (const [what, words, status, message] of [
    ["a command that is not there", ["no-such-command"], 127, /^error: there is no command no-such-command\n$/],
    ["what is no command", ["/etc"], 126, /^error: \/etc cannot be run: .*EACCES/],
    ["one that was killed", ["sh", "-c", "kill -9 $$"], 137, /^$/],
    ["one that failed", ["sh", "-c", "exit 3"], 3, /^$/],
  ] as const) {
    it(`ends with ${status} for ${what}`, async () => {
      const [command, ...args] = words;
      const { code, said } = await ended(run(command, ...args));
      assert.equal(code, status);
      assert.match(said, message);
    });
  }
});
