import assert from "node:assert/strict";
import { benchmarkNames, readOptions } from "../../benchmarks/options.ts";

describe("the options of npm run bench", () => {
  it("measure everything three times by default", () => {
    assert.deepEqual(readOptions([]), { only: [...benchmarkNames], runs: 3, help: false });
  });

  it("take some comparisons, in the order in which they run", () => {
    assert.deepEqual(readOptions(["--only", "helm,startup", "--runs", "1"]).only, ["startup", "helm"]);
  });

  it("name the comparison that does not exist, and those that do", () => {
    assert.throws(() => readOptions(["--only", "helm,speed"]), {
      message: `there is no benchmark "speed"; there are ${benchmarkNames.join(", ")}`,
    });
  });

  for (const runs of ["0", "21", "1.5", "many", ""]) {
    it(`refuse ${JSON.stringify(runs)} runs`, () => {
      assert.throws(() => readOptions(["--runs", runs]), /--runs is ".*"; it can be a whole number from 1 to 20/);
    });
  }

  it("refuse words that they do not know", () => {
    assert.throws(() => readOptions(["--fast"]), /fast/);
  });
});
