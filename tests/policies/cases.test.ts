import assert from "node:assert/strict";
import { parse } from "yaml";
import { unknownValues } from "../../policies/kubernetes/field.ts";
import type { Finding, Rule } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import { type Case, casesByRule, objectsOfCase, type Position, positions } from "./cases.ts";
import { changed, findings, type Json, merged, objectsOf, type PodBearing, pathsIn, podBearing } from "./objects.ts";

const [mark] = unknownValues;
/** Rules whose cases are elsewhere, because they judge what no manifest has. */
const elsewhere = [
  "chart-rendered",
  "waiver-valid",
  "rule-unevaluated",
  "no-opaque-release",
  "explicit-provider",
  "no-unsafe-opts",
  "stateful-protected",
];

function judge(rule: Rule, one: Case, objects: readonly Json[]): Finding[] {
  const facts = { kubernetes: { minor: one.kubernetes ?? 36 } };
  return findings(rule, objects.flatMap(objectsOf), one.options, facts);
}

function told(found: readonly Finding[]): string {
  return JSON.stringify(found.map(({ verdict, container, path, problem }) => [verdict, container, path, problem]));
}

function kindsOf(one: Case, all: readonly string[] | undefined): readonly PodBearing[] {
  if (one.objects !== undefined) return podBearing.slice(3, 4);
  const wanted = one.kinds ?? all;
  return podBearing.filter(({ kind }) => wanted?.includes(kind) ?? true);
}

function positionsOf(one: Case, all: readonly string[] | undefined): readonly Position[] {
  if (!one.container) return ["container"];
  return positions.filter((position) => (one.positions ?? all)?.includes(position) ?? true);
}

describe("every rule", () => {
  it("has cases, and every case a rule", () => {
    const wanted = rules.map(({ id }) => id).filter((id) => !elsewhere.includes(id));
    assert.deepEqual([...casesByRule.keys()].sort(), wanted.sort());
  });

  it("has nothing to say about a complete workload of any kind", () => {
    for (const kind of podBearing)
      for (const rule of rules.filter(({ sees }) => sees === "object")) {
        if (kind.kind === "Pod" && rule.id === "no-naked-pods") continue;
        const kindOfItsOwn = ["job-limits", "cronjob-policy"].includes(rule.id);
        if (kindOfItsOwn || (kind.path.length === 1 && rule.id === "restart-policy")) continue;
        const found = judge(rule, {}, objectsOfCase({}, kind));
        assert.deepEqual(found, [], `${rule.id} on ${kind.kind}: ${told(found)}`);
      }
  });
});

for (const rule of rules) {
  const cases = casesByRule.get(rule.id);
  if (!cases) continue;
  describe(rule.id, () => {
    for (const [index, one] of cases.broken.entries()) {
      const name = JSON.stringify(one.container ?? one.pod ?? one.metadata ?? index + 1).slice(0, 100);
      it(`is broken: ${name}`, () => {
        for (const kind of kindsOf(one, cases.kinds))
          for (const position of positionsOf(one, cases.positions)) {
            const found = judge(rule, one, objectsOfCase(one, kind, position));
            const place: string = `${kind.kind} ${position}: ${told(found)}`;
            assert.equal(found.length, one.times ?? 1, place);
            for (const finding of found) {
              assert.equal(finding.verdict, "broken", place);
              if (one.container) assert.equal(finding.container, "app", place);
              if (one.at !== undefined) assert.ok(finding.path.endsWith(one.at), place);
            }
          }
      });

      if (one.objects === undefined)
        it(`is the only one that is broken: ${name}`, () => {
          const [kind = podBearing[3]] = kindsOf(one, cases.kinds).filter(({ kind }) => kind !== "Pod");
          for (const position of positionsOf(one, cases.positions)) {
            const objects = objectsOfCase(one, kind, position);
            const bare = objectsOfCase({ pod: {}, ...(one.container ? { container: {} } : {}) }, kind, position);
            const others = rules.filter((other) => other.sees === "object" && other !== rule);
            const broken = others.filter((other) => judge(other, {}, objects).length > judge(other, {}, bare).length);
            assert.deepEqual(broken.map(({ id }) => id).sort(), [...(one.also ?? [])].sort(), position);
          }
        });

      it(`is never silent about it where something is not known yet: ${name}`, () => {
        for (const [before, after, path] of withUnknowns(
          one,
          kindsOf(one, cases.kinds)[0],
          positionsOf(one, cases.positions)[0],
        )) {
          if (judge(rule, one, before).length === 0) continue;
          const found = judge(rule, one, after);
          assert.ok(found.length > 0, `silent with ${path} unknown`);
        }
      });

      if (one.objects === undefined && one.remedied !== false && !/^[A-Z]/.test(rule.remedy))
        it(`is mended by its remedy: ${name}`, () => {
          const patch = merged(one.container ?? one.pod ?? {}, parse(rule.remedy)) as Json;
          const mended = one.container ? { ...one, container: patch } : { ...one, pod: patch };
          const [kind] = kindsOf(one, cases.kinds);
          const objects = objectsOfCase(mended, kind, positionsOf(one, cases.positions)[0]);
          const found = judge(rule, one, objects);
          assert.deepEqual(found, [], told(found));
          const before = objectsOfCase(one, kind, positionsOf(one, cases.positions)[0]);
          for (const other of rules.filter(({ sees }) => sees === "object")) {
            const more = judge(other, {}, objects);
            assert.ok(more.length <= judge(other, {}, before).length, `it breaks ${other.id}: ${told(more)}`);
          }
        });
    }

    for (const [index, one] of cases.holds.entries()) {
      const name = JSON.stringify(one.container ?? one.pod ?? one.metadata ?? index + 1).slice(0, 100);
      it(`holds: ${name}`, () => {
        for (const kind of kindsOf(one, cases.kinds))
          for (const position of positionsOf(one, cases.positions)) {
            const found = judge(rule, one, objectsOfCase(one, kind, position));
            assert.deepEqual(found, [], `${kind.kind} ${position}: ${told(found)}`);
          }
      });

      it(`is not called broken for what is not known yet: ${name}`, () => {
        for (const [, after, path] of withUnknowns(
          one,
          kindsOf(one, cases.kinds)[0],
          positionsOf(one, cases.positions)[0],
        )) {
          const found = judge(rule, one, after).filter(({ verdict }) => verdict === "broken");
          assert.deepEqual(found, [], `with ${path} unknown: ${told(found)}`);
        }
      });
    }
  });
}

/** The objects of a case, once for each value in it, before and after that value is not known yet. */
function* withUnknowns(
  one: Case,
  kind?: PodBearing,
  position?: Position,
): Generator<[before: Json[], after: Json[], path: string]> {
  const objects = objectsOfCase(one, kind, position);
  for (const [index, object] of objects.entries())
    for (const path of pathsIn(object)) {
      if (["apiVersion", "kind"].includes(path[0] ?? "")) continue;
      const after = objects.with(index, changed(object, path, mark));
      yield [objects, after, `${index} ${path.join(".")}`];
    }
}
