import { adviceVariable } from "./advice.ts";
import type { KubernetesObject } from "./kubernetes/object.ts";
import type { Finding, Rule } from "./rule.ts";
import type { Judgement } from "./session.ts";
import type { Waiver } from "./waivers.ts";

/** A finding for people: object, container, field, what is wrong, and what would be right or who allows it. */
export function describe(rule: Rule, finding: Finding, waiver?: Waiver): string {
  const told = sentence(finding);
  if (waiver) return `${waived(waiver)}\n${told}`;
  if (finding.verdict === "cannot tell") {
    return `Cannot tell yet. ${told} It will be judged when it is: at the latest while \`pulumi up\` runs.`;
  }
  return `${told}\nRemedy:\n${indented(finding.remedy ?? rule.remedy)}`;
}

/** How many places are named where serious advice is told together. */
const named = 3;

/**
 * Findings of one rule for people, and of one waiver if there is one: how many and the first few, with what would be right.
 * Of what is less serious one line is enough, or it hides the rest.
 */
export function describeTogether(judgements: readonly [Judgement, ...Judgement[]]): string {
  const [{ rule, finding, waiver }] = judgements;
  if (judgements.length === 1) return describe(rule, finding, waiver);
  const isSerious = rule.severity === "critical" || rule.severity === "high";
  const shown = isSerious ? named : 1;
  const more = judgements.length - shown;
  const places = [
    ...judgements.slice(0, shown).map((judgement) => sentence(judgement.finding)),
    ...(more > 0
      ? [`And ${more} more; ${adviceVariable}=each tells each${isSerious ? "" : ", with the remedy"}.`]
      : []),
  ].join("\n");
  if (waiver) return `${waived(waiver)}\n${places}`;
  return isSerious ? `${places}\nRemedy:\n${indented(finding.remedy ?? rule.remedy)}` : places;
}

/** Where something is wrong, and what: `Deployment shop/web, container app: spec… is not set.` */
export function sentence({ object, container, path, problem }: Finding): string {
  const place = [nameOf(object), ...(container === undefined ? [] : [`container ${container}`])].join(", ");
  return `${place}: ${[path, problem].filter(Boolean).join(" ")}.`;
}

/** Kind, namespace and name of an object: `Deployment shop/web`. */
export function nameOf({ kind, namespace, name }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function waived({ expires, owner, reason }: Waiver): string {
  return `Waived until ${expires} by ${owner}: ${reason}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
