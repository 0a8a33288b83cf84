interface Step {
  op: string;
  urn: string;
  type: string;
  new?: { urn: string; type: string; inputs: Record<string, unknown> } | null;
}

/** One event of the engine, as `--event-log` and `--json` write it. */
export interface EngineEvent {
  resourcePreEvent?: { metadata: Step };
  resOutputsEvent?: { metadata: Step };
  policyEvent?: { resourceUrn?: string; message: string; policyName: string; enforcementLevel: string };
  summaryEvent?: { resourceChanges: Record<string, number> };
}

/** Events of a log; a last line that was cut by a kill is left out. */
export function readEvents(log: string): EngineEvent[] {
  return log.split("\n").flatMap((line) => {
    if (!line.startsWith("{") || !line.endsWith("}")) return [];
    return [JSON.parse(line) as EngineEvent];
  });
}

/** Whether the engine began or ended a step with a resource. */
export function isStep({ resourcePreEvent, resOutputsEvent }: EngineEvent): boolean {
  return resourcePreEvent !== undefined || resOutputsEvent !== undefined;
}

/** URNs of what a run creates, updates, replaces or deletes; outputs of the stack do not count. */
export function changed(events: readonly EngineEvent[]): string[] {
  const steps = events.flatMap(({ resourcePreEvent }) => (resourcePreEvent ? [resourcePreEvent.metadata] : []));
  return [...new Set(steps.filter(({ op }) => !["same", "read", "refresh"].includes(op)).map(({ urn }) => urn))].sort();
}

/** What the pack found that stops an update; advice does not. */
export function violations(events: readonly EngineEvent[]): NonNullable<EngineEvent["policyEvent"]>[] {
  return events.flatMap(({ policyEvent }) => (policyEvent?.enforcementLevel === "mandatory" ? [policyEvent] : []));
}

/** The resources of a run, as the program wants them. */
export function wanted(events: readonly EngineEvent[]): NonNullable<Step["new"]>[] {
  return events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata.new ?? []);
}
