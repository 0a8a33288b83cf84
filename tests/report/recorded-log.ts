import { lastRun } from "../../commands/report-run.ts";
import { rules } from "../../policies/rules.ts";
import { type EngineEvent, readEvents } from "../../report/events.ts";
import { waiverEnds } from "./situations.ts";

/** When every example begins: Monday, 2 November 2026, nine o'clock. */
const begin = Date.UTC(2026, 10, 2, 9) / 1000;

/**
 * An event log as it is kept: only what a report reads, without paths and ports of the machine that recorded it, at a time that is
 * always the same. Each run takes as long as it took, in steps of five seconds.
 */
export function recordedLog(
  log: string,
  places: Readonly<Record<string, string>>,
  tools: Record<string, string>,
): string {
  const events = lastRun(readEvents(log, "the recording"));
  const first = Math.min(...events.flatMap(({ timestamp }) => timestamp ?? []));
  const day = (text: string) =>
    text.replaceAll(waiverEnds, new Date((begin + 9 * 86_400) * 1000).toISOString().slice(0, 10));
  const lines = events
    .filter(isRead)
    .map((event) =>
      JSON.stringify({ ...trimmed(event), timestamp: begin + Math.max(0, (event.timestamp ?? first) - first) }),
    )
    .map((line) => Object.entries(places).reduce((text, [path, name]) => text.replaceAll(path, name), day(line)))
    .map((line) => line.replaceAll(/(127\.0\.0\.1|localhost):\d{4,5}/g, "$1:6443"));
  const isPreview = !log.includes('"isPreview":false');
  const run = {
    runEvent: {
      operation: isPreview ? "preview" : "update",
      tools,
      rules: rules.map(({ id }) => id),
      ended: "by itself",
    },
  };
  return `${[...lines, JSON.stringify(run)].join("\n")}\n`;
}

function isRead(event: EngineEvent): boolean {
  const { diagnosticEvent, policyAnalyzeSummaryEvent: one } = event;
  if (diagnosticEvent) return diagnosticEvent.severity !== "debug" && !diagnosticEvent.ephemeral;
  if (one) return Boolean(one.passed || one.failed);
  return Boolean(
    event.resourcePreEvent ||
      event.preludeEvent ||
      event.policyEvent ||
      event.policyAnalyzeStackSummaryEvent ||
      event.summaryEvent ||
      event.errorEvent,
  );
}

function trimmed(event: EngineEvent): EngineEvent {
  const { resourcePreEvent, summaryEvent } = event;
  if (summaryEvent)
    return {
      ...event,
      summaryEvent: { ...summaryEvent, durationSeconds: Math.max(5, Math.round(summaryEvent.durationSeconds / 5) * 5) },
    };
  if (!resourcePreEvent) return event;
  const { op, urn, type, keys, detailedDiff, old, new: now } = resourcePreEvent.metadata;
  const state = (one: typeof old) =>
    one ? { urn: one.urn, type: one.type, parent: one.parent, protect: one.protect, inputs: one.inputs } : one;
  return { resourcePreEvent: { metadata: { op, urn, type, keys, detailedDiff, old: state(old), new: state(now) } } };
}
