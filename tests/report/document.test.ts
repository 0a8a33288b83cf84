import assert from "node:assert/strict";
import fc from "fast-check";
import { commentBudget, markdown, marker } from "../../report/markdown/document.ts";
import { reportOf } from "../../report/report.ts";
import { stackReport } from "../../report/stack-report.ts";
import { exampleReport, examples } from "./examples.ts";
import { liveParts, partsOf } from "./markdown-tree.ts";
import { type Made, run } from "./run.ts";

/** A run with as many deleted databases, changed images and plain changes. */
function large(databases: number, others: number): Made[] {
  const workload = (name: string, image: string) => ({
    kind: "Deployment",
    metadata: { name, namespace: "shop" },
    spec: { template: { spec: { containers: [{ name: "app", image }] } } },
  });
  return [
    ...Array.from({ length: databases }, (_, index) => ({
      type: "kubernetes:apps/v1:StatefulSet",
      name: `db-${index}`,
      before: { kind: "StatefulSet", metadata: { name: `db-${index}`, namespace: "shop" } },
    })),
    ...Array.from({ length: others }, (_, index) => ({
      type: "kubernetes:apps/v1:Deployment",
      name: `web-${index}`,
      before: workload(`web-${index}`, "a:1"),
      after: workload(`web-${index}`, `a:${index}`),
    })),
  ];
}

describe("a comment", () => {
  it("begins with the mark by which it is found again", () => {
    assert.equal(markdown(reportOf([])).split("\n")[0], marker);
    assert.equal(marker, "<!-- keelson:report v1 -->");
  });

  it("keeps to its budget and never loses an alarm, however small the budget and large the change", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 20_000, max: 70_000 }),
        (databases, others, budget) => {
          const report = reportOf([stackReport(run(large(databases, others)), { stack: "dev" })]);
          const text = markdown(report, budget);
          assert.ok(Buffer.byteLength(text) <= budget, `${Buffer.byteLength(text)} of ${budget} bytes`);
          const { code } = partsOf(text.slice(0, text.indexOf("### What changes")));
          for (const { object } of report.stacks[0]?.alarms ?? [])
            assert.ok(code.includes(object.split(" ")[1] ?? ""), object);
          assert.deepEqual(liveParts(text), []);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("says how many alarms there are where not even their names fit", () => {
    const report = reportOf([stackReport(run(large(9000, 0)), { stack: "dev" })]);
    const text = markdown(report);
    assert.ok(Buffer.byteLength(text) <= commentBudget);
    assert.match(text, /9,000 alarms are more than fit here/);
  });

  it("says how much of the rest was left out", () => {
    const report = reportOf([stackReport(run(large(1, 400)), { stack: "dev" })]);
    assert.match(markdown(report, 40_000), /more (component|object)s?.* in the full report/);
  });

  for (const example of examples()) {
    it(`of ${example.name} is inert and within its budget, cut short too`, () => {
      const report = exampleReport(example);
      for (const budget of [commentBudget, 12_000]) {
        const text = markdown(report, budget);
        assert.deepEqual(liveParts(text), []);
        if (budget === commentBudget) assert.ok(Buffer.byteLength(text) <= budget);
      }
    });
  }
});
