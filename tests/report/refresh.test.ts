import assert from "node:assert/strict";
import type { EngineEvent } from "../../report/events.ts";
import { stackReport } from "../../report/stack-report.ts";

const urn = "urn:pulumi:dev::keelson::kubernetes:core/v1:ConfigMap::colours";
const type = "kubernetes:core/v1:ConfigMap";
const state = (colour: string) => ({
  urn,
  type,
  inputs: { kind: "ConfigMap", metadata: { name: "colours", namespace: "shop" }, data: { colour } },
});

describe("a preview that refreshes first", () => {
  it("tells what the cluster has and what it would be changed to", () => {
    const events: EngineEvent[] = [
      { resourcePreEvent: { metadata: { op: "refresh", urn, type, old: state("red"), new: state("red") } } },
      { resourcePreEvent: { metadata: { op: "update", urn, type, old: state("pink"), new: state("red") } } },
      { summaryEvent: { durationSeconds: 1, isPreview: true } },
    ];
    const { changes } = stackReport(events, { stack: "dev", packWanted: false });
    const [change] = changes.list;
    assert.equal(change?.operation, "update");
    assert.deepEqual(change.fields, [{ path: "data.colour", before: '"pink"', after: '"red"' }]);
  });
});
