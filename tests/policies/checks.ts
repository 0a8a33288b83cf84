import assert from "node:assert/strict";
import { unknownValues } from "../../policies/kubernetes/field.ts";
import type { Finding, Rule } from "../../policies/rule.ts";
import { type Case, type Cases, casesByRule, kindsOf, objectsOfCase, positionsOf } from "./cases.ts";
import { changed, findings, isMade, type Json, objectsOf, pathsIn } from "./objects.ts";

const [mark] = unknownValues;

/** Something that must be so of one rule alone. */
export interface Check {
  readonly name: string;
  /** @throws AssertionError if it is not so */
  readonly run: () => void;
}

/** What a rule says of the objects of a case. */
export function judged(rule: Rule, one: Case, objects: readonly Json[]): Finding[] {
  const facts = { kubernetes: { minor: one.kubernetes ?? 36 }, environment: one.environment ?? "prod" };
  return findings(rule, objects.flatMap(objectsOf), one.options, facts);
}

/** Findings as a failed test shows them. */
export function told(found: readonly Finding[]): string {
  return JSON.stringify(found.map(({ verdict, container, path, problem }) => [verdict, container, path, problem]));
}

/** What to call a case. */
export function nameOf(one: Case, index: number): string {
  return JSON.stringify(one.container ?? one.pod ?? one.metadata ?? index + 1).slice(0, 100);
}

/** All that the cases of a rule say of that rule alone. */
export function checksOf(rule: Rule): Check[] {
  const cases = casesByRule.get(rule.id);
  if (!cases) return [];
  return [
    ...cases.broken.flatMap((one, index) => [
      { name: `is broken: ${nameOf(one, index)}`, run: () => isBroken(rule, cases, one) },
      {
        name: `is never silent about it where something is not known yet: ${nameOf(one, index)}`,
        run: () => isNeverSilent(rule, cases, one),
      },
    ]),
    ...cases.holds.flatMap((one, index) => [
      { name: `holds: ${nameOf(one, index)}`, run: () => holds(rule, cases, one) },
      {
        name: `is not called broken for what is not known yet: ${nameOf(one, index)}`,
        run: () => isNotCalledBroken(rule, cases, one),
      },
    ]),
  ];
}

function isBroken(rule: Rule, cases: Cases, one: Case): void {
  for (const kind of kindsOf(one, cases.kinds))
    for (const position of positionsOf(one, cases.positions)) {
      const found = judged(rule, one, objectsOfCase(one, kind, position));
      const place: string = `${kind.kind} ${position}: ${told(found)}`;
      assert.equal(found.length, one.times ?? 1, place);
      for (const finding of found) {
        assert.equal(finding.verdict, "broken", place);
        if (one.container) assert.equal(finding.container, "app", place);
        if (one.at !== undefined) assert.ok(finding.path.endsWith(one.at), place);
      }
    }
}

function holds(rule: Rule, cases: Cases, one: Case): void {
  for (const kind of kindsOf(one, cases.kinds))
    for (const position of positionsOf(one, cases.positions)) {
      const found = judged(rule, one, objectsOfCase(one, kind, position));
      assert.deepEqual(found, [], `${kind.kind} ${position}: ${told(found)}`);
    }
}

/** What was broken stays so, or is said to wait for the very value that is not known. */
function isNeverSilent(rule: Rule, cases: Cases, one: Case): void {
  for (const [before, after, path] of withUnknowns(one, cases)) {
    const found = judged(rule, one, after);
    const waits = found.some((finding) => finding.verdict === "cannot tell" && finding.path === path);
    if (waits) continue;
    for (const lost of judged(rule, one, before)) {
      const stays = found.some((finding) => finding.verdict === "broken" && finding.path === lost.path);
      assert.ok(stays, `${lost.path} is no longer broken with ${path} unknown: ${told(found)}`);
    }
  }
}

function isNotCalledBroken(rule: Rule, cases: Cases, one: Case): void {
  for (const [, after, path] of withUnknowns(one, cases)) {
    const found = judged(rule, one, after).filter(({ verdict }) => verdict === "broken");
    assert.deepEqual(found, [], `with ${path} unknown: ${told(found)}`);
  }
}

/** Whether any value of any case, not known yet, makes the rule say that it cannot tell. */
export function canWait(rule: Rule): boolean {
  const cases = casesByRule.get(rule.id);
  return [...(cases?.broken ?? []), ...(cases?.holds ?? [])].some((one) =>
    [...withUnknowns(one, cases ?? { broken: [], holds: [] })].some(([, after]) =>
      judged(rule, one, after).some(({ verdict }) => verdict === "cannot tell"),
    ),
  );
}

/** The objects of a case, once for each value in it, before and after that value is not known yet. */
function* withUnknowns(one: Case, cases: Cases): Generator<[before: Json[], after: Json[], path: string]> {
  const [kind] = kindsOf(one, cases.kinds);
  const [position] = positionsOf(one, cases.positions);
  const objects = objectsOfCase(one, kind, position);
  for (const [index, object] of objects.entries())
    for (const path of pathsIn(object)) {
      if (isMade(object) ? path[0] !== "props" || path.length < 2 : ["apiVersion", "kind"].includes(path[0] ?? ""))
        continue;
      const after = objects.with(index, changed(object, path, mark));
      yield [objects, after, written(isMade(object) ? path.slice(1) : path)];
    }
}

/** A path as findings write it: `spec.containers[0].name`. */
export function written(path: readonly string[]): string {
  return path.reduce((text, key) => {
    if (/^\d+$/.test(key)) return `${text}[${key}]`;
    return /^[\w-]+$/.test(key) ? `${text}${text && "."}${key}` : `${text}[${JSON.stringify(key)}]`;
  }, "");
}
