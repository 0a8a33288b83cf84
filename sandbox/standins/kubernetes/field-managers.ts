import { at, isObject, type Json, type JsonObject, objectsAt, textAt } from "../values.ts";

/** Who creates objects: updates come under a manager of their own, which takes these fields over first. */
export const creator = "pulumi-kubernetes";
/** Managers that give way to ours, by how their name begins; kubectl's also where it applied. */
const predecessors = /^(pulumi-kubernetes|pulumi-resource-kubernetes|kubectl|before-first-apply)/;
const applying = /^kubectl/;

/**
 * The patch that gives the fields an object was created with to the manager that applies updates; undefined when there
 * is nothing to give. Without it, a field that is later left out would stay.
 */
export function takeOver(live: JsonObject, manager: string): Json | undefined {
  const entries = objectsAt(live, "metadata", "managedFields");
  const isOurs = (entry: JsonObject) => entry.manager === manager && entry.operation === "Apply";
  const theirs = entries.filter((entry) => {
    const pattern = entry.operation === "Update" ? predecessors : applying;
    return entry.subresource === undefined && !isOurs(entry) && pattern.test(textAt(entry, "manager"));
  });
  if (theirs.length === 0) return undefined;
  const fields = [...entries.filter(isOurs), ...theirs].map((entry) => entry.fieldsV1 ?? {}).reduce(union, {});
  const ours: JsonObject = { ...theirs[0], manager, operation: "Apply", fieldsV1: fields };
  const kept = entries.filter((entry) => !theirs.includes(entry) && !isOurs(entry));
  return [
    { op: "replace", path: "/metadata/managedFields", value: [...kept, ours] },
    { op: "replace", path: "/metadata/resourceVersion", value: textAt(live, "metadata", "resourceVersion") },
  ];
}

/** Whether a preview has to force its apply, because what the object was created with is not taken over yet. */
export function hasCreatorsFields(live: JsonObject): boolean {
  return objectsAt(live, "metadata", "managedFields").some(
    (entry) => entry.manager === creator && entry.operation === "Update",
  );
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
