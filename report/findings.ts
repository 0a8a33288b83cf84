import { createHash } from "node:crypto";
import { readMessage, type Told } from "../policies/message.ts";
import type { EngineEvent } from "./events.ts";
import { cut, visible } from "./inert-text.ts";
import type { Finding } from "./model.ts";
import type { Secrecy } from "./secrecy.ts";

const severities = ["critical", "high", "medium", "low"] as const;
const verdicts = ["broken", "waived", "cannot tell"] as const;
/** The longest text of a finding, and of the remedy that goes with it. */
const longest = 1000;
const longestRemedy = 2000;
/** More than this of a message is not even looked at. */
const longestMessage = 8000;

/** What the policy packs found, the gravest first. */
export function findingsOf(events: readonly EngineEvent[], secrecy: Secrecy): Finding[] {
  const found = events.flatMap(({ policyEvent }) => (policyEvent ? eachFinding(policyEvent, secrecy) : []));
  // An object is judged again where the engine registers it twice.
  return [...new Map(found.map((one) => [JSON.stringify([one.fingerprint, one.verdict, one.urn]), one])).values()].sort(
    inOrder,
  );
}

/** What one event tells: a rule's advice may be told for several places together. */
function eachFinding(event: NonNullable<EngineEvent["policyEvent"]>, secrecy: Secrecy): Finding[] {
  const places = readMessage(cut(secrecy.text(event.message), longestMessage));
  return places.map((told, index) =>
    finding(told, index === 0 ? event : { ...event, resourceUrn: undefined }, secrecy),
  );
}

function finding(told: Told, event: NonNullable<EngineEvent["policyEvent"]>, secrecy: Secrecy): Finding {
  const clean = (text: string, most = longest) => cut(visible(text), most);
  const rule = clean(event.policyName);
  const object = clean(told.object);
  const problem = clean(told.problem);
  const container = told.container === undefined ? {} : { container: clean(told.container) };
  return {
    rule,
    pack: clean(event.policyPackName),
    level: event.enforcementLevel === "advisory" ? "advisory" : "mandatory",
    severity: severities.find((one) => one === event.severity) ?? "medium",
    verdict: told.verdict,
    title: clean(told.title),
    object,
    ...container,
    problem,
    ...(told.remedy === undefined ? {} : { remedy: cut(visible(told.remedy, "lines"), longestRemedy) }),
    ...(told.waiver
      ? {
          waiver: {
            expires: clean(told.waiver.expires),
            owner: clean(told.waiver.owner),
            reason: clean(told.waiver.reason),
          },
        }
      : {}),
    ...(event.resourceUrn ? { urn: clean(secrecy.text(event.resourceUrn)) } : {}),
    fingerprint: createHash("sha256")
      .update([rule, object, container.container ?? "", problem].join("\0"))
      .digest("hex"),
  };
}

function inOrder(a: Finding, b: Finding): number {
  const key = (one: Finding) =>
    [
      one.level === "mandatory" ? 0 : 1,
      verdicts.indexOf(one.verdict),
      severities.indexOf(one.severity),
      one.rule,
      one.object,
      one.container ?? "",
      one.problem,
      one.urn ?? "",
    ].join("\0");
  return key(a) < key(b) ? -1 : 1;
}

/**
 * The findings of a run beside those of the base branch: which are new, which were there, and which are gone.
 * @param complete whether the base branch's run has seen everything; where it failed, what it has not found is not therefore new
 */
export function compared(
  findings: readonly Finding[],
  base: readonly Finding[],
  complete: boolean,
): { findings: Finding[]; fixed: Finding[] } {
  const there = new Set(base.filter(isBroken).map(({ fingerprint }) => fingerprint));
  const here = new Set(findings.filter(isBroken).map(({ fingerprint }) => fingerprint));
  const sinceWhen = ({ fingerprint }: Finding) =>
    there.has(fingerprint) ? { since: "existing" as const } : complete ? { since: "new" as const } : {};
  return {
    findings: findings.map((one) => ({ ...one, ...sinceWhen(one) })),
    fixed: base.filter((one) => isBroken(one) && !here.has(one.fingerprint)),
  };
}

function isBroken({ verdict }: Finding): boolean {
  return verdict === "broken";
}
