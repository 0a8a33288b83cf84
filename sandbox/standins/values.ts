/** A value as JSON knows it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
/** An object whose values are JSON. */
export interface JsonObject {
  [key: string]: Json;
}
/** Properties as the engine sends them: JSON in which secrets are wrapped and unknown values are fixed strings. */
export type PropertyMap = JsonObject;

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** How the engine writes "not known yet" for a text. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The same for each type of value, from the engine's `plugin/rpc.go`. */
const unknowns = new Set([
  unknown,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether a value is a plain JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Wraps a value so that the engine encrypts and hides it. */
export function secret(value: Json): Json {
  return { [signature]: secretSignature, value };
}

/** Whether a value is wrapped as a secret. */
export function isSecret(value: Json | undefined): value is JsonObject & { value: Json } {
  return isObject(value) && value[signature] === secretSignature;
}

/** Whether a value is one of the engine's marks for "not known yet". */
export function isUnknown(value: Json | undefined): boolean {
  return typeof value === "string" && unknowns.has(value);
}

/** Whether anything in a value is not known yet. */
export function hasUnknown(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) ? Object.values(value).some(hasUnknown) : isUnknown(value);
}

/** Whether anything in a value is wrapped as a secret. */
export function hasSecret(value: Json): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isObject(value) && Object.values(value).some(hasSecret);
}

/** The value without secret wrappers. */
export function plain(value: Json): Json {
  if (isSecret(value)) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  return isObject(value) ? mapValues(value, plain) : value;
}

/** An object's properties without secret wrappers. */
export function plainObject(value: PropertyMap): JsonObject {
  return mapValues(value, plain);
}

/** A new object with each value replaced. */
export function mapValues(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

/** Whether two values are the same JSON, whatever the order of keys. */
export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => sameJson(value, other[index]));
  }
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length && keys.every((key) => key in other && sameJson(one[key], other[key]))
    );
  }
  return one === other;
}

/** What is found along a path of keys, or undefined. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const key of path) found = isObject(found) ? found[key] : undefined;
  return found;
}

/** The text along a path of keys, or "". */
export function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The number along a path of keys, or undefined. */
export function numberAt(value: Json | undefined, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** The objects of the list along a path of keys, or none. */
export function objectsAt(value: Json | undefined, ...path: readonly string[]): JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}

/** A path as the engine writes property paths: `spec.ports[0]`, `data["tls.crt"]`. */
export function propertyPath(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (/[."[\]]/.test(step)) return `["${step.replaceAll('"', '\\"')}"]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/** The paths of every value wrapped as a secret, down to its single values. */
export function secretPaths(value: Json, path: readonly (string | number)[] = [], within = false): string[] {
  if (isSecret(value)) return secretPaths(value.value, path, true);
  if (Array.isArray(value)) return value.flatMap((item, index) => secretPaths(item, [...path, index], within));
  if (isObject(value)) return Object.entries(value).flatMap(([key, item]) => secretPaths(item, [...path, key], within));
  return within ? [propertyPath(path)] : [];
}
