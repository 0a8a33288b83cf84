import type { EngineEvent, ResourceState, Step } from "../../report/events.ts";

/** A resource of a made-up run. */
export interface Made {
  type?: string;
  name: string;
  op?: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  parent?: string;
  protect?: boolean | [before: boolean, after: boolean];
  keys?: string[];
}

/** The URN of a resource of a made-up run. */
export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::shop::${type}::${name}`;
}

/** The events of a run that ended well, in which a pack judged nothing. */
export function run(resources: readonly Made[], more: readonly EngineEvent[] = []): EngineEvent[] {
  return [
    { timestamp: 1_793_610_000, preludeEvent: { config: { "keelson:environment": "dev" } } },
    ...resources.map((made) => ({ resourcePreEvent: { metadata: step(made) } })),
    ...more,
    {
      timestamp: 1_793_610_010,
      summaryEvent: { durationSeconds: 10, isPreview: true, result: "succeeded", PolicyPacks: {} },
    },
  ];
}

function step({
  type = "kubernetes:core/v1:ConfigMap",
  name,
  op,
  before,
  after,
  parent,
  protect = false,
  keys,
}: Made): Step {
  const [wasProtected, isProtected] = Array.isArray(protect) ? protect : [protect, protect];
  const urn = urnOf(type, name);
  const state = (inputs: Record<string, unknown>, one: boolean): ResourceState => ({
    urn,
    type,
    inputs,
    ...(parent === undefined ? {} : { parent }),
    ...(one ? { protect: true } : {}),
  });
  return {
    op: op ?? (before && after ? "update" : before ? "delete" : "create"),
    urn,
    type,
    old: before ? state(before, wasProtected) : null,
    new: after ? state(after, isProtected) : null,
    ...(keys ? { keys } : {}),
  };
}

/** What a policy pack says of a resource, as the engine hands it on. */
export function policyEvent(message: string, more: Partial<NonNullable<EngineEvent["policyEvent"]>> = {}): EngineEvent {
  return {
    policyEvent: {
      message,
      policyName: "cpu-requests-set",
      policyPackName: "keelson",
      enforcementLevel: "mandatory",
      severity: "high",
      ...more,
    },
  };
}
