import type { KubernetesObject } from "./kubernetes/object.ts";
import type { Finding, Rule } from "./rule.ts";

/** A finding for people: object, container, field, what is wrong, and what would be right. */
export function describe(rule: Rule, finding: Finding): string {
  const place = [
    nameOf(finding.object),
    ...(finding.container === undefined ? [] : [`container ${finding.container}`]),
  ].join(", ");
  const problem = [finding.path, finding.problem].filter(Boolean).join(" ");
  if (finding.verdict === "unknown") {
    return `Cannot tell yet. ${place}: ${problem}. It will be judged when it is: at the latest while \`pulumi up\` runs.`;
  }
  return `${place}: ${problem}.\nRemedy:\n${indented(finding.remedy ?? rule.remedy)}`;
}

/** Kind, namespace and name of an object: `Deployment shop/web`. */
export function nameOf({ kind, namespace, name }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
