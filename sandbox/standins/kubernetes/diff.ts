import { isObject, isUnknown, type Json, type JsonObject, propertyPath, sameJson } from "../values.ts";

/** How a field changes. */
export interface FieldChange {
  kind: "add" | "delete" | "update";
  /** Whether the object has to be replaced for it. */
  replaces: boolean;
}

/** The live object, cut to the fields that the inputs name: what others set is not our change. */
export function prune(live: Json | undefined, inputs: Json | undefined): Json | undefined {
  if (isObject(live) && isObject(inputs)) {
    return Object.fromEntries(
      Object.entries(live)
        .filter(([key]) => key in inputs)
        .map(([key, value]) => [key, prune(value, inputs[key]) ?? null]),
    );
  }
  if (Array.isArray(live) && Array.isArray(inputs)) {
    return live.slice(0, inputs.length).map((value, index) => prune(value, inputs[index]) ?? null);
  }
  return live;
}

/**
 * The changes from a live object to new inputs, by property path. A field that the API server dropped or rewrote when
 * it was given is no change as long as it is given the same again.
 * @param live the live object, pruned to the old inputs
 * @param replacing paths such as `.spec.selector`, whose change replaces the object
 */
export function changes(
  live: JsonObject,
  next: JsonObject,
  old: JsonObject,
  replacing: readonly string[],
): Map<string, FieldChange> {
  const found = new Map<string, FieldChange>();
  const note = (path: (string | number)[], kind: FieldChange["kind"]) => {
    const fields = `.${path.filter((step) => typeof step === "string").join(".")}`;
    const replaces = replacing.some((field) => fields === field || fields.startsWith(`${field}.`));
    found.set(propertyPath(path), { kind, replaces });
  };
  compare([], live, next, old, note);
  return found;
}

type Note = (path: (string | number)[], kind: FieldChange["kind"]) => void;

function compare(
  path: (string | number)[],
  live: Json | undefined,
  next: Json | undefined,
  old: Json | undefined,
  note: Note,
) {
  if (next === undefined) {
    if (old !== undefined && live !== undefined) note(path, "delete");
  } else if (live === undefined) {
    if (!sameJson(old, next) || !isZero(next)) note(path, "add");
  } else if (isObject(live) && isObject(next)) {
    for (const key of new Set([...Object.keys(live), ...Object.keys(next)])) {
      compare([...path, key], live[key], next[key], isObject(old) ? old[key] : undefined, note);
    }
  } else if (Array.isArray(live) && Array.isArray(next)) {
    for (let index = 0; index < Math.max(live.length, next.length); index++) {
      compare([...path, index], live[index], next[index], Array.isArray(old) ? old[index] : undefined, note);
    }
  } else if (!sameJson(live, next) || isUnknown(next)) {
    note(path, "update");
  }
}

/** What the API server may drop without a change of meaning. */
function isZero(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.values(value).every(isZero);
  return value === null || value === "" || value === 0 || value === false;
}
