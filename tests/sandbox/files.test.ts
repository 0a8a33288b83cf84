import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeIfChanged } from "../../sandbox/files.ts";

describe("a file that is replaced in one step", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "keelson-files-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is whole where several replace it at once, and nothing else is left", async () => {
    const file = join(folder, "list.json");
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(1000));
    await Promise.all(texts.map((text) => writeIfChanged(file, text)));
    assert.ok(texts.includes(await readFile(file, "utf8")));
    assert.deepEqual(await readdir(folder), ["list.json"]);
  });
});
