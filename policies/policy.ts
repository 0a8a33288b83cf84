import type {
  EnforcementLevel,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Advice } from "./advice.ts";
import type { KubernetesObject } from "./kubernetes/object.ts";
import type { Stack } from "./kubernetes/stack.ts";
import { describe, describeTogether } from "./message.ts";
import { write } from "./remediation.ts";
import type { Rule } from "./rule.ts";
import type { Judgement, Session } from "./session.ts";

/** What a policy is given to set right. */
type RemediatedArgs = Parameters<NonNullable<ResourceValidationPolicy["remediateResource"]>>[0];

/** What the policies judge, as the engine last announced it. */
export interface Announced {
  readonly session: Session;
  /** The objects of a resource, by its URN. */
  readonly objects: ReadonlyMap<string, readonly KubernetesObject[]>;
  readonly stack: Stack;
  readonly advice: Advice;
}

/** A rule as a policy of the Pulumi SDK, at its level for prod. */
export function policyOf(rule: Rule, announced: () => Announced): ResourceValidationPolicy | StackValidationPolicy {
  const about = {
    name: rule.id,
    description: rule.title,
    severity: rule.severity,
    enforcementLevel: rule.levels.prod,
    remediationSteps: rule.remedy,
    ...(rule.options ? { configSchema: schemaOf(rule.options) } : {}),
  };
  return rule.sees === "object"
    ? {
        ...about,
        ...(rule.settings
          ? {
              remediateResource: ({ urn, props, notApplicable }: RemediatedArgs) => {
                const { session, objects } = announced();
                const settings = (objects.get(urn) ?? []).flatMap((object) => session.settings(rule, object));
                if (settings.length === 0)
                  withoutTrace(() => notApplicable("There is nothing to set right that could be set safely."));
                write(props, settings);
                return props;
              },
            }
          : {}),
        validateResource: ({ urn, notApplicable }, report) => {
          const { session, objects, advice } = announced();
          const own = (objects.get(urn) ?? []).filter((object) => rule.appliesTo(object));
          if (own.length === 0) withoutTrace(() => notApplicable("The rule has nothing to say about such a resource."));
          for (const object of own) tell(advice.keep(session.judgeObject(rule, object)), report);
        },
      }
    : {
        ...about,
        validateStack: (_, report) => {
          const { session, stack, advice } = announced();
          tell(
            advice.keep(rule.sees === "stack" ? session.judgeStack(rule, stack) : session.judgeJudging(rule)),
            report,
          );
          for (const kept of advice.take()) tellTogether(kept, report);
        },
      };
}

/** Lets the SDK throw what nobody reads the trace of: most rules have nothing to say about most resources, and traces cost more than judging. */
function withoutTrace(skip: () => never): never {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return skip();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** What the SDK's report function also takes, since 1.20, though its types do not say so (pulumi-policy#424). */
type ReportAtLevel = (violation: {
  message: string;
  urn?: string;
  enforcementLevel: EnforcementLevel;
  name?: string;
  severity?: Rule["severity"];
}) => void;

/** Tells what was kept of one rule, in the rule's own name, whichever policy is asked. */
function tellTogether(kept: readonly [Judgement, ...Judgement[]], report: ReportViolation): void {
  const [{ rule, finding }] = kept;
  const urn = kept.length === 1 ? finding.object.resource?.urn : undefined;
  (report as unknown as ReportAtLevel)({
    message: `${rule.title}\n${describeTogether(kept)}`,
    ...(urn ? { urn } : {}),
    enforcementLevel: "advisory",
    name: rule.id,
    severity: rule.severity,
  });
}

function tell(judgements: readonly Judgement[], report: ReportViolation): void {
  for (const { rule, level, finding, waiver } of judgements) {
    const urn = finding.object.resource?.urn;
    const message = describe(rule, finding, waiver);
    if (finding.verdict === "broken" && !waiver && level !== "remediate") report(message, urn);
    // Advice: the value may turn out right, or what cannot be set right is to be told and no more, which the SDK would
    // make mandatory. It puts no title before such a message.
    else
      (report as unknown as ReportAtLevel)({
        message: `${rule.title}\n${message}`,
        ...(urn ? { urn } : {}),
        enforcementLevel: "advisory",
      });
  }
}

function schemaOf(options: NonNullable<Rule["options"]>): PolicyConfigSchema {
  return {
    properties: Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        { ...option } as PolicyConfigSchema["properties"][string],
      ]),
    ),
  };
}
