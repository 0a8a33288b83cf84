import type { KubernetesObject } from "./kubernetes/object.ts";
import type { Finding, Rule } from "./rule.ts";
import type { Waiver } from "./waivers.ts";

/** A finding for people: object, container, field, what is wrong, and what would be right or who allows it. */
export function describe(rule: Rule, finding: Finding, waiver?: Waiver): string {
  const told = sentence(finding);
  if (waiver) return `Waived until ${waiver.expires} by ${waiver.owner}: ${waiver.reason}\n${told}`;
  if (finding.verdict === "cannot tell") {
    return `Cannot tell yet. ${told} It will be judged when it is: at the latest while \`pulumi up\` runs.`;
  }
  return `${told}\nRemedy:\n${indented(finding.remedy ?? rule.remedy)}`;
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

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
