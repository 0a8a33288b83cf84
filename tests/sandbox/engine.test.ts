import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { createStacks, stackResources } from "../../sandbox/engine.ts";
import { type SandboxPaths, sandboxPaths } from "../../sandbox/paths.ts";

describe("a stack in the sandbox's state", () => {
  const urn = "urn:pulumi:dev::harbour::pulumi:pulumi:Stack::harbour-dev";
  const state = JSON.stringify({ checkpoint: { latest: { resources: [{ urn }] } } });
  let root: string;
  let paths: SandboxPaths;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-engine-"));
    paths = sandboxPaths(join(root, "home"));
    await mkdir(join(paths.state, ".pulumi", "stacks", "harbour"), { recursive: true });
    await writeFile(join(root, "Pulumi.yaml"), "name: harbour\nruntime: nodejs\n");
  });
  afterEach(() => rm(root, { recursive: true }));

  for (const [name, content] of Object.entries({
    "dev.json": state,
    "dev.json.gz": gzipSync(state),
    "dev.json.zst": zstdCompressSync(state),
  })) {
    it(`is known as ${name}, and not made again`, async () => {
      await writeFile(join(paths.state, ".pulumi", "stacks", "harbour", name), content);
      // No engine is on this PATH: making the stack would fail.
      await createStacks(root, paths, { PATH: "" }, ["dev"]);
      assert.deepEqual(await stackResources(root, paths, "dev"), [{ urn }]);
    });
  }

  it("is made where it is not there", async () => {
    assert.deepEqual(await stackResources(root, paths, "dev"), []);
    await assert.rejects(createStacks(root, paths, { PATH: "" }, ["dev"]), /stack dev could not be created/);
  });
});
