import type {
  EnforcementLevel,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { objectsOfResource } from "./kubernetes/pulumi-resource.ts";
import { describe } from "./message.ts";
import type { Finding, ObjectRule, Options, Rule, StackRule } from "./rule.ts";

/** A rule as a policy of the Pulumi SDK, at its level for prod. */
export function policyOf(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
  const about = {
    name: rule.id,
    description: rule.title,
    severity: rule.severity,
    enforcementLevel: rule.levels.prod,
    remediationSteps: rule.remedy,
    ...(rule.options ? { configSchema: schemaOf(rule.options) } : {}),
  };
  return rule.sees === "object" ? { ...about, ...perResource(rule) } : { ...about, ...perStack(rule) };
}

function perResource(rule: ObjectRule): Pick<ResourceValidationPolicy, "validateResource"> {
  return {
    validateResource: ({ type, props, name, urn, getConfig, notApplicable }, report) => {
      const objects = objectsOfResource({ type, props, name, urn }).filter((object) => rule.appliesTo(object));
      if (objects.length === 0) notApplicable("The rule has nothing to say about such a resource.");
      const options = getConfig<Options>();
      for (const finding of objects.flatMap((object) => rule.judge(object, options))) tell(rule, finding, report);
    },
  };
}

function perStack(rule: StackRule): Pick<StackValidationPolicy, "validateStack"> {
  return {
    validateStack: ({ resources, getConfig }, report) => {
      const objects = resources.flatMap(({ type, props, name, urn, opts }) =>
        objectsOfResource({ type, props, name, urn, parent: opts.parent }),
      );
      for (const finding of rule.judge(objects, getConfig<Options>())) tell(rule, finding, report);
    },
  };
}

/** What the SDK's report function also takes, since 1.20, though its types do not say so (pulumi-policy#424). */
type ReportAtLevel = (violation: { message: string; urn?: string; enforcementLevel: EnforcementLevel }) => void;

function tell(rule: Rule, finding: Finding, report: ReportViolation): void {
  const message = describe(rule, finding);
  const { urn } = finding.object;
  if (finding.verdict === "broken") report(message, urn);
  // Never more than advice, because the value may turn out right; the SDK puts no title before such a message.
  else
    (report as unknown as ReportAtLevel)({
      message: `${rule.title}\n${message}`,
      ...(urn ? { urn } : {}),
      enforcementLevel: "advisory",
    });
}

function schemaOf(options: NonNullable<Rule["options"]>): PolicyConfigSchema {
  return { properties: Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...option }])) };
}
