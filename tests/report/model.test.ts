import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { reportJsonSchema } from "../../report/model.ts";

describe("the JSON Schema of reports", () => {
  it("is the one that is kept in the repository (npm run generate)", () => {
    assert.deepEqual(
      JSON.parse(readFileSync("report/report.schema.json", "utf8")),
      JSON.parse(JSON.stringify(reportJsonSchema())),
    );
  });
});
