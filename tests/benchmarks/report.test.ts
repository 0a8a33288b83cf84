import assert from "node:assert/strict";
import { markdownReport, markdownTable } from "../../benchmarks/report.ts";
import { withoutResources } from "../../benchmarks/shared-stack.ts";

const about = {
  date: "2026-01-02",
  cores: 2,
  memoryGiB: 24,
  node: "26.0.0",
  engine: "3.0.0",
  plugins: "the official plugins",
  charts: "the real charts",
  runs: 3,
  load: { before: 0.2, after: 2 },
};
const section = {
  title: "Start-up",
  method: "How.",
  table: { head: ["a", "b"], rows: [["1", "x|y"]] },
  findings: ["First.", "Second."],
};

describe("the report of the benchmarks", () => {
  it("has Markdown tables with cells that may hold bars", () => {
    assert.equal(markdownTable(section.table), "| a | b |\n| --- | --- |\n| 1 | x\\|y |");
  });

  it("has a part for each comparison: method, table, findings", () => {
    const text = markdownReport(about, [section]);
    assert.match(text, /## Start-up\n\nHow\.\n\n\| a \| b \|[\s\S]*\n\n- First\.\n- Second\.\n$/);
  });

  it("says of what was not measured only why", () => {
    const text = markdownReport(about, [{ title: "Start-up", method: "Not measured: no.", findings: [] }]);
    assert.match(text, /\n\n## Start-up\n\nNot measured: no\.\n$/);
  });

  it("says that the machine had other work where it had", () => {
    assert.doesNotMatch(markdownReport(about, [section]), /other work/);
    assert.match(markdownReport({ ...about, load: { before: 3, after: 4 } }, [section]), /other work at the same time/);
  });
});

describe("a state without the cluster add-ons", () => {
  const urn = (name: string) => `urn:pulumi:prod::keelson::kubernetes:core/v1:Namespace::${name}`;

  it("has lost them and all that refers to them, and nothing else", () => {
    const state = {
      version: 3,
      deployment: {
        resources: [
          { urn: urn("codelab-addons-x") },
          {
            urn: urn("codelab-routes"),
            dependencies: [urn("codelab-addons-x"), urn("codelab")],
            propertyDependencies: { spec: [urn("codelab-addons-x")] },
          },
          { urn: urn("codelab-addons") },
        ],
      },
    };
    assert.deepEqual(JSON.parse(withoutResources(JSON.stringify(state), "codelab-addons-")), {
      version: 3,
      deployment: {
        resources: [
          { urn: urn("codelab-routes"), dependencies: [urn("codelab")], propertyDependencies: { spec: [] } },
          { urn: urn("codelab-addons") },
        ],
      },
    });
  });
});
