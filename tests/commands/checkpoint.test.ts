import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mendCheckpoint } from "../../commands/checkpoint.ts";

describe("mendCheckpoint", () => {
  let root: string;
  let file: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-checkpoint-"));
    await mkdir(join(root, ".pulumi", "stacks", "keelson"), { recursive: true });
    file = join(root, ".pulumi", "stacks", "keelson", "dev.json");
  });
  afterEach(() => rm(root, { recursive: true }));
  const mend = () => mendCheckpoint({ backend: `file://${root}`, cwd: "/" }, "dev");

  for (const broken of ["", '{"version":3,"checkp']) {
    it(`puts the checkpoint before in the place of ${broken ? "half a one" : "an empty one"}`, async () => {
      await writeFile(file, broken);
      await writeFile(`${file}.bak`, '{"version":3}');
      await writeFile(`${file}.attrs`, '{"md5":"of the broken one"}');
      assert.equal(await mend(), "checkpoint");
      assert.equal(await readFile(file, "utf8"), '{"version":3}');
      assert.equal(existsSync(`${file}.attrs`), false);
    });
  }
  it("does without attributes that are cut off", async () => {
    await writeFile(file, '{"version":3,"now":1}');
    await writeFile(`${file}.bak`, '{"version":3}');
    await writeFile(`${file}.attrs`, "");
    assert.equal(await mend(), "attributes");
    assert.equal(existsSync(`${file}.attrs`), false);
    assert.equal(await readFile(file, "utf8"), '{"version":3,"now":1}');
  });
  it("leaves a whole one alone", async () => {
    await writeFile(file, '{"version":3,"now":1}');
    await writeFile(`${file}.bak`, '{"version":3}');
    await writeFile(`${file}.attrs`, "{}");
    assert.equal(await mend(), "nothing");
    assert.equal(await readFile(`${file}.attrs`, "utf8"), "{}");
    assert.equal(await readFile(file, "utf8"), '{"version":3,"now":1}');
  });
  it("leaves a stack of the same name in another project alone", async () => {
    await writeFile(join(root, "Pulumi.yaml"), "name: harbour\nruntime: nodejs\n");
    await writeFile(file, "");
    await writeFile(`${file}.bak`, '{"version":3}');
    const place = { backend: `file://${root}`, cwd: root };
    assert.equal(await mendCheckpoint(place, "dev"), "nothing");
    assert.equal(await mendCheckpoint(place, "organization/harbour/dev"), "nothing");
    assert.equal(await mendCheckpoint(place, "organization/keelson/dev"), "checkpoint");
  });
  it("says so where there is none before", async () => {
    await writeFile(file, "");
    await assert.rejects(mend(), /dev\.json cannot be read, and there is no .*dev\.json\.bak that can/);
  });
  it("has nothing to mend elsewhere", async () => {
    assert.equal(await mend(), "nothing");
    assert.equal(await mendCheckpoint({ backend: "s3://bucket", cwd: "/" }, "dev"), "nothing");
  });
});
