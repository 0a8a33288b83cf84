import assert from "node:assert/strict";
import type { EngineEvent } from "../../report/events.ts";
import { stackReport } from "../../report/stack-report.ts";
import { eventsOf, examples } from "./examples.ts";

describe("the proof that the pack judged", () => {
  const [example] = examples().filter(({ name }) => name === "image-bump");
  assert.ok(example);
  const events = eventsOf(example);
  const verdict = (some: readonly EngineEvent[], off = new Set<string>()) => stackReport(some, { stack: "dev", off });

  it("holds for a run in which every rule judged all that it had to", () => {
    const { packs, verdict: own } = verdict(events);
    assert.deepEqual(
      packs.map(({ name, missing }) => [name, missing]),
      [["keelson", []]],
    );
    assert.equal(own, "clean");
  });

  it("fails where one rule did not judge one object", () => {
    let first = true;
    const without = events.map((event) => {
      const judged = event.policyAnalyzeSummaryEvent;
      if (!first || !judged?.passed?.includes("memory-limits-set")) return event;
      first = false;
      return {
        ...event,
        policyAnalyzeSummaryEvent: { ...judged, passed: judged.passed.filter((id) => id !== "memory-limits-set") },
      };
    });
    assert.equal(first, false);
    const { packs, verdict: own, blindSpots } = verdict(without);
    assert.deepEqual(packs[0]?.missing, ["memory-limits-set"]);
    assert.equal(own, "failed");
    assert.ok(blindSpots.some(({ kind, places }) => kind === "pack" && places.includes("memory-limits-set")));
    assert.equal(verdict(without, new Set(["memory-limits-set"])).verdict, "clean");
  });

  it("fails where the stack was not judged, or by no pack at all", () => {
    assert.equal(verdict(events.filter((event) => !event.policyAnalyzeStackSummaryEvent)).verdict, "failed");
    const none = events
      .filter(
        (event) => !event.policyAnalyzeStackSummaryEvent && !event.policyAnalyzeSummaryEvent && !event.policyEvent,
      )
      .map((event) =>
        event.summaryEvent ? { ...event, summaryEvent: { ...event.summaryEvent, PolicyPacks: {} } } : event,
      );
    const { verdict: own, blindSpots } = verdict(none);
    assert.equal(own, "failed");
    assert.ok(blindSpots.some(({ kind, message }) => kind === "pack" && /No policy pack/.test(message)));
    assert.equal(stackReport(none, { stack: "dev", packWanted: false }).verdict, "clean");
  });

  it("fails for a run that was cut off", () => {
    const { verdict: own, blindSpots } = verdict(events.filter((event) => !event.summaryEvent));
    assert.equal(own, "failed");
    assert.equal(blindSpots[0]?.kind, "not-finished");
  });
});
