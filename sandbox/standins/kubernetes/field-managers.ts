import { at, isObject, type Json, type JsonObject, objectsAt, textAt } from "../values.ts";

/** Who creates objects: updates come under a manager of their own, which takes these fields over first. */
export const creator = "pulumi-kubernetes";
const predecessors = new Set([creator, "kubectl", "before-first-apply"]);

/**
 * The patch that gives the fields an object was created with to the manager that applies updates; undefined when there
 * is nothing to give. Without it, a field that is later left out would stay.
 */
export function takeOver(live: JsonObject, manager: string): Json | undefined {
  const entries = objectsAt(live, "metadata", "managedFields");
  const theirs = entries.filter(
    (entry) =>
      predecessors.has(textAt(entry, "manager")) && entry.operation === "Update" && entry.subresource === undefined,
  );
  if (theirs.length === 0) return undefined;
  const isOurs = (entry: JsonObject) => entry.manager === manager && entry.operation === "Apply";
  const fields = [...entries.filter(isOurs), ...theirs].map((entry) => entry.fieldsV1 ?? {}).reduce(union, {});
  const ours: JsonObject = { ...theirs[0], manager, operation: "Apply", fieldsV1: fields };
  const kept = entries.filter((entry) => !theirs.includes(entry) && !isOurs(entry));
  return [
    { op: "replace", path: "/metadata/managedFields", value: [...kept, ours] },
    { op: "replace", path: "/metadata/resourceVersion", value: textAt(live, "metadata", "resourceVersion") },
  ];
}

/** Whether a preview has to force its apply, because the fields are not taken over yet. */
export function hasPredecessor(live: JsonObject): boolean {
  return takeOver(live, "") !== undefined;
}

/** Whether another manager, and not ours, owns a field. */
export function isOwnedByOthers(live: JsonObject, path: readonly string[], manager: string): boolean {
  const owners = objectsAt(live, "metadata", "managedFields").filter(
    (entry) => at(entry.fieldsV1, ...path.map((key) => `f:${key}`)) !== undefined,
  );
  return owners.length > 0 && !owners.some((entry) => entry.manager === manager);
}

function union(one: Json, other: Json): JsonObject {
  const result: JsonObject = isObject(one) ? { ...one } : {};
  for (const [key, value] of Object.entries(isObject(other) ? other : {})) {
    result[key] = key in result ? union(result[key] ?? {}, value) : value;
  }
  return result;
}
