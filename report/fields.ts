import { structuredPatch } from "diff";
import { unknownValues } from "../policies/kubernetes/field.ts";
import { cut, visible } from "./inert-text.ts";
import type { FieldChange } from "./model.ts";
import type { Resource } from "./resources.ts";
import { mask } from "./secrecy.ts";

/** What stands in place of a value that is not known yet. */
const unknown = "[unknown]";
/** The longest value that is shown, and the most changed lines of a text. */
const longest = 300;
const mostLines = 80;

/** Fields that only follow from others: checksums that roll pods, versions in labels, what the server keeps for itself. */
const noise =
  /annotations\["?[^\]]*(checksum|keelson\.dev\/(files|secret|rotation)|last-applied-configuration|deployment\.kubernetes\.io\/revision)|managedFields|pod-template-hash|labels\["(helm\.sh\/chart|app\.kubernetes\.io\/version|chart)"\]|labels\.chart$/;

/** How a resource's fields change, in the order of their paths. */
export function fieldChanges({ operation, before, after, keys, differs }: Resource): FieldChange[] {
  if (!before || !after || operation === "same") return [];
  const found = new Map<string, Omit<FieldChange, "path">>();
  compare(before.inputs ?? {}, after.inputs ?? {}, "", found);
  const causes = [...keys, ...Object.keys(differs).filter((path) => differs[path]?.endsWith("-replace"))];
  // What is masked looks the same before and after; the engine knows better.
  for (const path of Object.keys(differs)) {
    const told = [...found.keys()].some((one) => isAt(one, path) || isAt(path, one));
    if (!told) found.set(path, { before: mask, after: mask });
  }
  return [...found]
    .map(([path, change]) => ({
      path: cut(visible(path), longest),
      ...change,
      ...(causes.some((cause) => isAt(path, cause) || isAt(cause, path)) ? { replaces: true } : {}),
      ...(noise.test(path) ? { noise: true } : {}),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether a path is another or below it; `[name=app]` and `[0]` are taken for the same place. */
function isAt(path: string, other: string): boolean {
  const [inner, outer] = [path, other].map((one) =>
    one
      .replaceAll(/\[(?!")[^\]]*\]/g, ".[]")
      .replaceAll(/\["([^"]*)"\]/g, ".$1")
      .replaceAll("..", "."),
  ) as [string, string];
  return inner === outer || inner.startsWith(`${outer}.`);
}

function compare(before: unknown, after: unknown, path: string, found: Map<string, Omit<FieldChange, "path">>): void {
  if (same(before, after)) return;
  if (isMap(before) && isMap(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(before[key], after[key], childPath(path, key), found);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(before, after, path, found);
    return;
  }
  if (typeof before === "string" && typeof after === "string" && (before.includes("\n") || after.includes("\n"))) {
    found.set(path, { lines: lineChanges(before, after) });
    return;
  }
  found.set(path, {
    ...(before === undefined ? {} : { before: shown(before) }),
    ...(after === undefined ? {} : { after: shown(after) }),
  });
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
  found: Map<string, Omit<FieldChange, "path">>,
): void {
  const key = ["name", "key", "containerPort", "port", "mountPath", "topologyKey", "ip"].find(
    (one) => isKeyed(before, one) && isKeyed(after, one),
  );
  if (key !== undefined) {
    const at = (list: readonly unknown[]) =>
      new Map(list.map((item) => [String((item as Record<string, unknown>)[key]), item]));
    const [old, now] = [at(before), at(after)];
    const sizes = found.size;
    for (const name of new Set([...old.keys(), ...now.keys()]))
      compare(old.get(name), now.get(name), `${path}[${key}=${name}]`, found);
    // The same elements in another order.
    if (found.size === sizes) found.set(path, { before: shown([...old.keys()]), after: shown([...now.keys()]) });
  } else if (before.length === after.length && [...before, ...after].every((item) => isMap(item))) {
    for (const [index, item] of before.entries()) compare(item, after[index], `${path}[${index}]`, found);
  } else found.set(path, { before: shown(before), after: shown(after) });
}

function isKeyed(list: readonly unknown[], key: string): boolean {
  const values = list.map((item) => (isMap(item) ? item[key] : undefined));
  return (
    values.every((value) => typeof value === "string" || typeof value === "number") &&
    new Set(values).size === values.length
  );
}

/** The changed lines of a text with their surroundings, as a unified diff without its head. */
function lineChanges(before: string, after: string): string {
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: 1, timeout: 2000 }) ?? { hunks: [] };
  const lines = hunks.flatMap(({ oldStart, newStart, lines: changed }) => [
    `@@ -${oldStart} +${newStart} @@`,
    ...changed.map((line) => cut(visible(line), longest)),
  ]);
  const more = lines.length - mostLines;
  return [...lines.slice(0, mostLines), ...(more > 0 ? [`@@ ${more} more lines @@`] : [])].join("\n");
}

/** A value as JSON with its keys in order, cut. */
function shown(value: unknown): string {
  return cut(visible(JSON.stringify(sorted(value)) ?? ""), longest);
}

/** A value with its keys in order at every depth, and what is not known yet said so. */
export function sorted(value: unknown): unknown {
  if (unknownValues.has(value)) return unknown;
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function childPath(path: string, key: string): string {
  return /^[\w-]+$/.test(key) ? `${path}${path && "."}${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** Whether anything in a value is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (unknownValues.has(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isMap(value) && Object.values(value).some(hasUnknown);
}
