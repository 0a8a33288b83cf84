import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Rule } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import { type Case, casesByRule, documents, kindsOf, objectsOfCase, positionsOf } from "./cases.ts";
import { judged, nameOf, told } from "./checks.ts";
import { changed, type Json, merged } from "./objects.ts";

/** Objects that break a rule, and where its remedy goes; see remedies.yaml. */
interface Example extends Omit<Case, "also"> {
  readonly before?: readonly Json[];
  /** Objects that stand beside the pod, where the example is one. */
  readonly beside?: readonly Json[];
  readonly into?: readonly [document: number, ...path: (string | number)[]];
  /** What else has to change with it, in the same place. */
  readonly also?: Json;
  readonly after?: readonly Json[];
  /** Rules that are broken afterwards and were not before, because they ask for more than this one. */
  readonly asksMore?: readonly string[];
}

const examples = parse(readFileSync(new URL("remedies.yaml", import.meta.url), "utf8"), {
  merge: true,
  maxAliasCount: -1,
}) as Record<string, Example>;

/** What a complete pod needs around it. */
const surroundings: readonly Json[] = [
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "web", namespace: "shop" } },
  { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "standard" } },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "default-deny", namespace: "shop" },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  },
];

/** Maps into which a person writes what is new, and does not put it in their place. */
const joined = ["metadata", "spec", "labels", "annotations"];

/** A map into which somebody wrote what a remedy shows. */
function written(into: unknown, remedy: Json): Json {
  const base = (into ?? {}) as Json;
  const entries = Object.entries(remedy).map(([key, value]) => {
    const isJoined = joined.includes(key) && typeof base[key] === "object";
    return [key, isJoined ? written(base[key], value as Json) : value] as const;
  });
  return { ...base, ...Object.fromEntries(entries) };
}

function mended({ remedy }: Rule, example: Example, before: readonly Json[]): readonly Json[] {
  if (example.after) return example.after;
  const [patch = {}, ...more] = documents(remedy);
  if (typeof patch.kind === "string") {
    const { name, namespace = name, labels } = (before[0]?.metadata ?? {}) as Json;
    const about = { metadata: { namespace, ...(labels ? { labels } : {}) } };
    return [...before, ...[patch, ...more].map((added) => merged(added, about) as Json)];
  }
  const ofRoot = ["metadata", "apiVersion", "spec", "rules", "roleRef", "subjects"].some((key) => key in patch);
  const [document, ...path] = example.into ?? [0, ...(ofRoot ? [] : ["spec"])];
  const keys = path.map(String);
  const object = before[document] ?? {};
  const place = keys.reduce<unknown>((value, key) => (value as Json | undefined)?.[key], object);
  const whole = merged(written(place, patch), example.also ?? {}) as Json;
  return before.with(document, keys.length === 0 ? whole : changed(object, keys, whole));
}

/** That a rule no longer is broken, and no other is broken more often than before. */
function assertMended(
  rule: Rule,
  one: Case,
  before: readonly Json[],
  after: readonly Json[],
  asksMore: readonly string[] = [],
): void {
  assert.ok(
    judged(rule, one, before).some(({ verdict }) => verdict === "broken"),
    "the example does not break the rule",
  );
  const found = judged(rule, one, after);
  assert.deepEqual(found, [], `${told(found)} in ${JSON.stringify(after)}`);
  for (const other of rules.filter(({ id }) => !asksMore.includes(id))) {
    const more = judged(other, {}, after);
    assert.ok(
      more.length <= judged(other, {}, before).length,
      `it breaks ${other.id}: ${told(more)} in ${JSON.stringify(after)}`,
    );
  }
}

describe("the remedy of every rule mends it and breaks no other", () => {
  const tried = new Set<string>();
  for (const rule of rules) {
    const cases = casesByRule.get(rule.id);
    for (const [index, one] of (cases?.broken ?? []).entries()) {
      if (one.objects !== undefined || one.resources || one.remedied === false) continue;
      const [remedy] = documents(rule.remedy);
      if (typeof remedy !== "object" || "kind" in remedy) continue;
      tried.add(rule.id);
      it(`${rule.id}: ${nameOf(one, index)}`, () => {
        const [kind] = kindsOf(one, cases?.kinds);
        const [position] = positionsOf(one, cases?.positions);
        const patch = merged(one.container ?? one.pod ?? {}, remedy) as Json;
        const patched = one.container ? { ...one, container: patch } : { ...one, pod: patch };
        const [before, after] = [one, patched].map((it) => [...objectsOfCase(it, kind, position), ...surroundings]);
        assertMended(rule, one, before ?? [], after ?? []);
      });
    }
    const example = examples[rule.id];
    if (!example) continue;
    tried.add(rule.id);
    it(`${rule.id}: example`, () => {
      const { also: _, ...one } = example;
      const before = example.before ?? [...objectsOfCase(one), ...surroundings, ...(example.beside ?? [])];
      const inContainer = example.container ? ([0, "spec", "template", "spec", "containers", 1] as const) : undefined;
      const inPod = example.pod ? ([0, "spec", "template", "spec"] as const) : undefined;
      const into = example.into ?? inContainer ?? inPod;
      assertMended(
        rule,
        one,
        before,
        mended(rule, { ...example, ...(into ? { into } : {}) }, before),
        example.asksMore,
      );
    });
  }

  it("is tried for each of them", () => {
    const untried = rules.filter(({ id, sees }) => sees !== "judging" && !tried.has(id)).map(({ id }) => id);
    assert.deepEqual(untried, []);
    const unknown = Object.keys(examples).filter((id) => id !== "." && !rules.some((rule) => rule.id === id));
    assert.deepEqual(unknown, []);
  });
});
