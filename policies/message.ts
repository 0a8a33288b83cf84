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
  return `${kind || "object"} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function waived({ expires, owner, reason }: Waiver): string {
  return `Waived until ${expires} by ${owner}: ${reason}`;
}

/** One place of what {@link describe} and {@link describeTogether} say, taken apart again. */
export interface Told {
  readonly title: string;
  readonly verdict: "broken" | "waived" | "cannot tell";
  /** `Deployment shop/web`; empty where the message is none of ours. */
  readonly object: string;
  readonly container?: string;
  /** The field and what is wrong with it. */
  readonly problem: string;
  readonly remedy?: string;
  readonly waiver?: Pick<Waiver, "expires" | "owner" | "reason">;
}

/**
 * Reads the message of a policy event: a rule's title, then what {@link describe} says, each place for itself. Another pack's
 * message is one problem as a whole.
 */
export function readMessage(message: string): [Told, ...Told[]] {
  const [title = "", ...lines] = message.trim().split("\n");
  const rest = lines.join("\n");
  const [, waiting] = /^Cannot tell yet\. ([\s\S]*) It will be judged when it is: /.exec(rest) ?? [];
  if (waiting !== undefined) return [{ title, verdict: "cannot tell", ...readSentence(waiting) }];
  const [places = "", remedy] = rest.split("\nRemedy:\n");
  const told = places.split("\n");
  const [, expires, owner, why = ""] = /^Waived until (\S+) by ([^:]*): (.*)$/.exec(told[0] ?? "") ?? [];
  if (expires !== undefined && owner !== undefined) {
    // A reason may have several lines; then come the places.
    const first = told.findIndex((line, index) => index > 0 && isSentence(line));
    const reason = [why, ...told.slice(1, Math.max(1, first))].join("\n");
    const waiver = { expires, owner, reason };
    return eachPlace(first < 0 ? [] : told.slice(first), { title, verdict: "waived", waiver });
  }
  if (!told.some(isSentence)) return [{ title, verdict: "broken", object: "", problem: rest }];
  return eachPlace(told, {
    title,
    verdict: "broken",
    ...(remedy === undefined ? {} : { remedy: remedy.replaceAll(/^ {2}/gm, "") }),
  });
}

function eachPlace(
  lines: readonly string[],
  common: Omit<Told, "object" | "container" | "problem">,
): [Told, ...Told[]] {
  const [first = { object: "", problem: "" }, ...more] = lines.map(readSentence);
  return [{ ...common, ...first }, ...more.map((one) => ({ ...common, ...one }))];
}

function isSentence(line: string): boolean {
  return /^\S+ \S.*: .*\.$/.test(line) || /^And \d+ more; /.test(line);
}

function readSentence(text: string): Pick<Told, "object" | "container" | "problem"> {
  const [, number] = /^And (\d+) more; /.exec(text) ?? [];
  if (number !== undefined) return { object: "", problem: `${number} more places` };
  // A waiver is named by a text with a colon in it.
  const [, object, container, problem] =
    /^(Waiver .*\))(?:, container ([^:]+))?: (.*)\.$/.exec(text) ??
    /^(.+?)(?:, container ([^:]+?))?: (.*)\.$/.exec(text) ??
    [];
  if (object === undefined || problem === undefined) return { object: "", problem: text };
  return { object, ...(container === undefined ? {} : { container }), problem };
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
