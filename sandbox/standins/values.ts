/** A value as JSON knows it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
/** An object whose values are JSON. */
export interface JsonObject {
  [key: string]: Json;
}
/** Properties as the engine sends them: JSON in which secrets are wrapped and what is not known yet is a fixed text. */
export type PropertyMap = JsonObject;

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

/** How the engine writes "not known yet". */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is a JSON object. */
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

/** A resource as one property of another. */
export function resourceReference(urn: string, id: string, packageVersion: string): Json {
  return { [signature]: resourceSignature, urn, id, packageVersion };
}

/** Whether a value or anything in it satisfies a condition. */
function some(value: Json, condition: (value: Json) => boolean): boolean {
  return (
    condition(value) || (typeof value === "object" && Object.values(value ?? {}).some((item) => some(item, condition)))
  );
}

/** Whether anything in a value is not known yet. */
export function hasUnknown(value: Json): boolean {
  return some(value, (item) => item === unknown);
}

/** Whether anything in a value is wrapped as a secret. */
export function hasSecret(value: Json): boolean {
  return some(value, isSecret);
}

/** A new value in which each object is replaced, the outermost first. */
export function mapObjects(value: Json, change: (object: JsonObject) => Json): Json {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change));
  if (!isObject(value)) return value;
  const changed = change(value);
  return isObject(changed) ? mapValues(changed, (item) => mapObjects(item, change)) : mapObjects(changed, change);
}

/** A new object with each value replaced. */
export function mapValues(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

/** Properties without secret wrappers. */
export function plain(properties: PropertyMap): JsonObject {
  return mapValues(properties, (value) => mapObjects(value, (object) => (isSecret(object) ? object.value : object)));
}

/** What is found along a path of keys, or undefined. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const key of path) found = isObject(found) ? found[key] : undefined;
  return found;
}

/** The object along a path of keys, or an empty one. */
export function objectAt(value: Json | undefined, ...path: readonly string[]): JsonObject {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
}

/** The text along a path of keys, or "". */
export function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The number along a path of keys, or 0. */
export function numberAt(value: Json | undefined, ...path: readonly string[]): number {
  return Number(at(value, ...path) ?? 0);
}

/** The objects of the list along a path of keys, or none. */
export function objectsAt(value: Json | undefined, ...path: readonly string[]): JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}
