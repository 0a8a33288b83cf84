import assert from "node:assert/strict";
import { execa } from "execa";
import { takesLong } from "../skip.ts";

describe("npm run bench", () => {
  it("measures to the end, also what only a deployed system shows", async function () {
    takesLong(this);
    const words = ["benchmarks/run.ts", "--only", "startup,helm", "--runs", "1"];
    const { exitCode, stdout, stderr } = await execa("node", words, { reject: false });
    assert.equal(exitCode, 0, stderr);
    for (const title of ["Start-up", "Daily preview of the deployed system", "A new image tag"])
      assert.ok(stdout.includes(`\n## ${title}`), stdout);
  });
});
