import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

describe("a sandbox that is asked for in wrong words", function () {
  this.timeout(60_000);
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-input-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  for (const [command, env, message] of [
    ["sandbox.ts start", { KEELSON_PLUGINS: "best" }, /^error: KEELSON_PLUGINS is "best"; it can be auto, /],
    [
      "sandbox.ts start",
      { KEELSON_SANDBOX_CHARTS: "./none" },
      /^error: KEELSON_SANDBOX_CHARTS is "\.\/none"; it must be a folder/,
    ],
    ["sandbox.ts start", { KEELSON_TOOLS_MIRROR: "mirror.local" }, /^error: KEELSON_TOOLS_MIRROR is "mirror\.local"; /],
    [
      "start.ts --stack none",
      {},
      /^start: there is no stack file Pulumi\.none\.yaml; there are .*\bdev, prod, staging\b/,
    ],
  ] as const) {
    it(`starts nothing: ${command} ${Object.entries(env).flat().join("=")}`, async () => {
      const home = join(root, "home");
      const { exitCode, all } = await execa(process.execPath, `commands/${command}`.split(" "), {
        env: { ...env, KEELSON_SANDBOX_HOME: home },
        reject: false,
        all: true,
        stdin: "ignore",
      });
      assert.notEqual(exitCode, 0);
      assert.match(all, message);
      assert.ok(!existsSync(home));
    });
  }
});
