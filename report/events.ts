import { z } from "zod";

/*
 * The engine's event log, as far as a report reads it (sdk/go/common/apitype/events.go). A log may come from a branch that
 * nobody has reviewed, so its shape is checked like any other input.
 */

const inputs = z.record(z.string(), z.unknown());

const stateSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  parent: z.string().optional(),
  protect: z.boolean().optional(),
  inputs: inputs.nullish(),
});
/** A resource before or after a step. */
export type ResourceState = z.infer<typeof stateSchema>;

const stepSchema = z.looseObject({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  old: stateSchema.nullish(),
  new: stateSchema.nullish(),
  keys: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.looseObject({ diffKind: z.string() })).nullish(),
});
/** What the engine does with a resource; a replacement is several of them. */
export type Step = z.infer<typeof stepSchema>;

const stepEvent = z.looseObject({ metadata: stepSchema });
const summary = {
  policyPackName: z.string(),
  policyPackVersion: z.string().optional(),
  passed: z.array(z.string()).nullish(),
  failed: z.array(z.string()).nullish(),
};

/** One event; those that a report has no use for keep their time only. */
export const eventSchema = z.looseObject({
  timestamp: z.number().optional(),
  preludeEvent: z.looseObject({ config: z.record(z.string(), z.string()).nullish() }).optional(),
  resourcePreEvent: stepEvent.optional(),
  resOutputsEvent: stepEvent.optional(),
  resOpFailedEvent: stepEvent.optional(),
  diagnosticEvent: z
    .looseObject({
      urn: z.string().optional(),
      message: z.string(),
      severity: z.string(),
      ephemeral: z.boolean().optional(),
    })
    .optional(),
  errorEvent: z.looseObject({ error: z.string() }).optional(),
  policyEvent: z
    .looseObject({
      resourceUrn: z.string().optional(),
      message: z.string(),
      policyName: z.string(),
      policyPackName: z.string(),
      enforcementLevel: z.string(),
      severity: z.string().optional(),
    })
    .optional(),
  policyAnalyzeSummaryEvent: z.looseObject({ resourceUrn: z.string(), ...summary }).optional(),
  policyAnalyzeStackSummaryEvent: z.looseObject(summary).optional(),
  summaryEvent: z
    .looseObject({
      durationSeconds: z.number(),
      isPreview: z.boolean().optional(),
      result: z.string().optional(),
      PolicyPacks: z.record(z.string(), z.string()).nullish(),
    })
    .optional(),
  /** Ours, the last of a log that `npm run report` took itself: what the engine does not put into its log. */
  runEvent: z
    .strictObject({
      operation: z.enum(["preview", "update"]),
      tools: z.record(z.string(), z.string()),
      ended: z.enum(["by itself", "by time-out"]),
      /** The rules that the pack had; a log of another day is not held to rules that came later. */
      rules: z.array(z.string()).optional(),
      /** What the engine printed, where its log does not say why it failed. */
      said: z.string().optional(),
    })
    .optional(),
});
/** One event of the engine. */
export type EngineEvent = z.infer<typeof eventSchema>;

/** A log that is none: what is wrong with it, and where. */
export class EventLogError extends Error {}

/**
 * Reads an event log.
 * @param name what to call it in messages
 * @throws EventLogError A last line that was cut by the end of the engine is left out.
 */
export function readEvents(log: string, name: string): EngineEvent[] {
  const lines = log.split("\n");
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const parsed = eventSchema.safeParse(jsonOf(line));
    if (parsed.success) return [parsed.data];
    if (index === lines.length - 1 && !line.endsWith("}")) return [];
    throw new EventLogError(`${name}, line ${index + 1}: no event of the engine`);
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
