import { objectsOfResource } from "../policies/kubernetes/pulumi-resource.ts";
import { type Environment, environments, type Rule } from "../policies/rule.ts";
import { rules } from "../policies/rules.ts";
import type { EngineEvent } from "./events.ts";
import { cut, visible } from "./inert-text.ts";
import type { Pack } from "./model.ts";
import type { Resource } from "./resources.ts";

/** The name of our own pack, of which it is known what it had to judge. */
const own = "keelson";

/**
 * Which packs judged. For our own: every rule that is on must have judged every object that it has something to say about,
 * and the stack as a whole; what the engine says that it did is held against the objects that it says there are.
 * @param off rules that the pack's configuration switches off
 */
export function packsOf(
  events: readonly EngineEvent[],
  resources: readonly Resource[],
  environment: string | undefined,
  off: ReadonlySet<string>,
): Pack[] {
  const had = events.find(({ runEvent }) => runEvent)?.runEvent?.rules;
  const on = rules.filter(
    ({ id, levels }) =>
      levels[environmentOf(environment)] !== "disabled" && !off.has(id) && (had === undefined || had.includes(id)),
  );
  const loaded = events.flatMap(({ summaryEvent }) => Object.entries(summaryEvent?.PolicyPacks ?? {}));
  return loaded
    .map(([key, version]) => {
      const name = key.split("|")[0] ?? key;
      const judged = judgedBy(name, events);
      return {
        name: clean(name),
        version: clean(version),
        judged: [...new Set([...judged.values()].flatMap((all) => [...all]))].sort().map(clean),
        missing: name === own ? missing(judged, resources, on) : [],
        off: [...off].sort().map(clean),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Which rules judged, by URN; those that judged the stack by the empty one. */
function judgedBy(pack: string, events: readonly EngineEvent[]): Map<string, Set<string>> {
  const judged = new Map<string, Set<string>>();
  for (const { policyAnalyzeSummaryEvent: one, policyAnalyzeStackSummaryEvent: all } of events) {
    const summary = one ?? all;
    if (summary?.policyPackName !== pack) continue;
    const urn = one?.resourceUrn ?? "";
    judged.set(urn, new Set([...(judged.get(urn) ?? []), ...(summary.passed ?? []), ...(summary.failed ?? [])]));
  }
  return judged;
}

function missing(
  judged: ReadonlyMap<string, ReadonlySet<string>>,
  resources: readonly Resource[],
  on: readonly Rule[],
): string[] {
  const objects = resources.flatMap(({ urn, type, after }) =>
    after ? objectsOfResource({ type, props: after.inputs ?? {}, name: urn, resource: { urn } }) : [],
  );
  return on
    .filter((rule) => {
      if (rule.sees !== "object") return !judged.get("")?.has(rule.id);
      return objects.some((object) => rule.appliesTo(object) && !judged.get(object.resource?.urn ?? "")?.has(rule.id));
    })
    .map(({ id }) => id)
    .sort();
}

/** As the pack takes it: nothing is lenient by accident. */
function environmentOf(name: string | undefined): Environment {
  return environments.find((one) => one === name) ?? "prod";
}

function clean(text: string): string {
  return cut(visible(text), 200);
}
