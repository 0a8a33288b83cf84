import assert from "node:assert/strict";
import { reportOf } from "../../report/report.ts";
import { stackReport } from "../../report/stack-report.ts";
import { eventsOf, examples } from "./examples.ts";

describe("a report beside the base branch's", () => {
  const [example] = examples().filter(({ name }) => name === "policy-violations");
  assert.ok(example);
  const events = eventsOf(example);
  const stack = "dev";
  const broken = (base: typeof events) =>
    reportOf([stackReport(events, { stack })], {}, [stackReport(base, { stack })]).stacks.flatMap(({ findings }) =>
      findings.filter(({ verdict }) => verdict === "broken").map(({ since }) => since),
    );
  const [first] = events.filter(({ policyEvent }) => policyEvent?.enforcementLevel === "mandatory");
  const without = events.filter(({ policyEvent }) => policyEvent?.message !== first?.policyEvent?.message);

  it("tells new violations from existing ones", () => {
    assert.ok(broken(events).length > 0);
    assert.ok(broken(events).every((since) => since === "existing"));
    assert.ok(broken(without).includes("new"));
  });

  it("calls nothing new where the run of the base branch failed", () => {
    const failed = without.filter((event) => !event.summaryEvent);
    assert.deepEqual(new Set(broken(failed)), new Set(["existing", undefined]));
  });
});
