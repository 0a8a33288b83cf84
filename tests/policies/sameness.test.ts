import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import type { KubernetesObject } from "../../policies/kubernetes/object.ts";
import { objectsIn } from "../../policies/manifests.ts";
import type { Rule } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import { type Case, casesByRule, kindsOf, objectsOfCase, positionsOf } from "./cases.ts";
import { nameOf } from "./checks.ts";
import { findings, isMade, type Json, objectsOf } from "./objects.ts";

/** The same manifests, written down otherwise. */
const spellings: Record<string, (objects: readonly Json[]) => KubernetesObject[]> = {
  "keys in another order": (objects) => objects.map((object) => reordered(object) as Json).flatMap(objectsOf),
  "documents in another order": (objects) => objects.toReversed().flatMap(objectsOf),
  "as YAML": (objects) => read(objects.map((object) => stringify(object, { version: "1.1" })).join("---\n")),
  "as flow YAML": (objects) =>
    read(objects.map((object) => stringify(object, { version: "1.1", collectionStyle: "flow" })).join("---\n")),
  "as JSON": (objects) =>
    objects.length === 1 ? read(JSON.stringify(objects[0], null, 2)) : read(JSON.stringify(list(objects))),
  "as a List": (objects) => objectsOf(list(objects)),
  "as a Pulumi resource": made(""),
  "as a Pulumi patch": made("Patch"),
  "with quantities spelled otherwise": (objects) =>
    objects.map((object) => respelled(object) as Json).flatMap(objectsOf),
  "with nulls for what is absent": (objects) => objects.map((object) => withNulls(object) as Json).flatMap(objectsOf),
};

/** A manifest as the resource of a Pulumi program, of the given variant of its type. */
function made(variant: "" | "Patch"): (objects: readonly Json[]) => KubernetesObject[] {
  return (objects) =>
    objects.flatMap((object, index) => {
      const { apiVersion, kind } = object as { apiVersion: string; kind: string };
      const group = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
      const isOwn = !group.split("/")[0]?.includes(".") || group.includes(".k8s.io/");
      const type = `kubernetes:${group}:${kind}${isOwn ? variant : ""}`;
      return objectsOf({ type, name: `r${index}`, props: object });
    });
}

function read(text: string): KubernetesObject[] {
  const { objects, errors } = objectsIn("file", text);
  assert.deepEqual(errors, []);
  return [...objects];
}

function list(items: readonly Json[]): Json {
  return { apiVersion: "v1", kind: "List", items };
}

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

/** An explicit null in each map, which Kubernetes takes for a key that is not there. */
function withNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNulls);
  if (typeof value !== "object" || value === null || isFreeForm(value)) return value;
  return {
    "no-such-field": null,
    ...Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNulls(inner)])),
  };
}

/** Whether a map's keys are names that somebody chose, so that one more is not nothing. */
function isFreeForm(map: object): boolean {
  return Object.values(map).every((inner) => typeof inner !== "object" || inner === null);
}

/** The same amount in another unit, for amounts that Kubernetes reads as quantities. */
function requantified(amount: unknown): unknown {
  const [, digits, suffix = ""] = /^(\d+)(m|Mi|Gi|M|G|)$/.exec(String(amount)) ?? [];
  if (digits === undefined) return amount;
  const number = BigInt(digits);
  switch (suffix) {
    case "m":
      return number % 1000n === 0n
        ? String(number / 1000n)
        : `0.${String(number % 1000n).padStart(3, "0")}`.replace(/^0/, number >= 1000n ? String(number / 1000n) : "0");
    case "Mi":
      return `${number * 1024n}Ki`;
    case "Gi":
      return String(number * 1024n ** 3n);
    case "M":
      return `${number}e6`;
    case "G":
      return `${number * 1000n}M`;
    default:
      return typeof amount === "number" ? String(amount) : `${number}000m`;
  }
}

const quantities = ["requests", "limits", "hard", "default", "max", "min"];

function respelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(respelled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === "sizeLimit") return [key, requantified(inner)];
      if (!quantities.includes(key) || typeof inner !== "object" || inner === null) return [key, respelled(inner)];
      // Memory in thousandths of a byte is what a rule is there to find.
      const amounts = Object.entries(inner).map(([name, amount]) => [
        name,
        /cpu$/.test(name) || /[A-Za-z]$/.test(String(amount)) ? requantified(amount) : amount,
      ]);
      return [key, Object.fromEntries(amounts)];
    }),
  );
}

/** What a rule says, whatever the order in which it says it. */
function verdicts(rule: Rule, one: Case, objects: readonly KubernetesObject[], isOrder: boolean): string[] {
  const facts = { kubernetes: { minor: one.kubernetes ?? 36 } };
  return findings(rule, [...objects], one.options, facts)
    .map(({ verdict, object, container, path }) => {
      const { kind, namespace, name } = object;
      // Of several alike, the last one is named.
      if (isOrder) return `${verdict} ${kind}`;
      return [verdict, kind, namespace, name, container, path.replace(/^items\[\d+\]\.?/, "")].join(" ");
    })
    .sort();
}

/** Rules that take a program for more than its manifests: it has options, a cluster around it, and patches beside what they patch. */
const differently: Readonly<Record<string, readonly string[]>> = {
  "as a Pulumi resource": ["ingress-tls-covers-hosts", "network-policy-targets-pod", "stateful-protected"],
  "as a Pulumi patch": [
    "ingress-tls-covers-hosts",
    "network-policy-targets-pod",
    "stateful-protected",
    "name-collision",
  ],
};

describe("a verdict does not depend on", () => {
  for (const [name, respell] of Object.entries(spellings))
    it(name, () => {
      const differences: string[] = [];
      for (const rule of rules.filter(({ id }) => !differently[name]?.includes(id))) {
        const cases = casesByRule.get(rule.id);
        for (const [index, one] of [...(cases?.broken ?? []), ...(cases?.holds ?? [])].entries()) {
          const [kind] = kindsOf(one, cases?.kinds);
          const [position] = positionsOf(one, cases?.positions);
          const objects = objectsOfCase(one, kind, position);
          if (objects.some(isMade)) continue;
          const isOrder = name.startsWith("documents");
          const before = verdicts(rule, one, objects.flatMap(objectsOf), isOrder);
          const after = verdicts(rule, one, respell(objects), isOrder);
          if (!isDeepStrictEqual(after, before))
            differences.push(`${rule.id}: ${nameOf(one, index)}: ${before} / ${after}`);
        }
      }
      assert.deepEqual(differences, []);
    });
});
