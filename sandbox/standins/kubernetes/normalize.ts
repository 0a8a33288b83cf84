import { hasUnknown, isObject, type Json, type JsonObject, mapValues } from "../values.ts";
import { offlineFile } from "./offline.ts";
import { canonicalQuantity } from "./quantity.ts";
import { isBuiltIn } from "./types.ts";

/** What the API server sets and no input may. */
const readOnlyMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];
/** Maps of names to quantities. */
const quantityMaps = new Set(["limits", "requests", "hard", "capacity", "max", "min", "default", "defaultRequest"]);
/** Fields that hold one quantity. */
const quantities = new Set(["sizeLimit", "averageValue", "divisor"]);
/** Maps of the user's own keys and values: only the map itself may be left out, and only when it is empty. */
const freeMaps = new Set([
  "annotations",
  "binaryData",
  "data",
  "labels",
  "matchLabels",
  "nodeSelector",
  "parameters",
  "selector",
  "stringData",
]);
/** Switches that the API server leaves out when they are off; every other `false` means something. */
const switches = new Set([
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "publishNotReadyAddresses",
  "readOnly",
  "stdin",
  "stdinOnce",
  "tty",
]);
/** Numbers that the API server leaves out when they are 0. */
const counts = new Set([
  "failureThreshold",
  "initialDelaySeconds",
  "minReadySeconds",
  "nodePort",
  "periodSeconds",
  "successThreshold",
  "timeoutSeconds",
]);
/** Lists and texts that the API server keeps when they are empty, because empty differs from absent. */
const meaningful = new Set(["rules", "storageClassName", "volumeName", "apiGroup"]);

/**
 * The object as the API server would hold it, as far as it was given: what it drops is dropped, quantities are
 * canonical, and a Secret's `stringData` is encoded into `data`. Otherwise the next preview would show a change. Custom
 * resources, and objects in which something is not known yet, keep all they have.
 */
export function normalize(given: JsonObject): JsonObject {
  const object = isBuiltIn(given) && !hasUnknown(given) ? (normalizeKind(given) as JsonObject) : { ...given };
  if (isObject(object.metadata)) {
    const metadata = { ...object.metadata };
    for (const field of readOnlyMetadata) delete metadata[field];
    object.metadata = metadata;
  }
  return object;
}

function normalizeKind(object: JsonObject): Json {
  if (object.kind === "CustomResourceDefinition") return normalizeDefinition(object);
  if (object.kind === "Secret") return normalizeSecret(object);
  return withoutZeroes(object);
}

/** A CRD's schemas are free of rules, so only what is known to differ is dropped. */
function normalizeDefinition(object: JsonObject): JsonObject {
  const { status, ...rest } = object;
  if (!isObject(rest.spec) || rest.spec.preserveUnknownFields !== false) return rest;
  const { preserveUnknownFields, ...spec } = rest.spec;
  return { ...rest, spec };
}

function normalizeSecret(object: JsonObject): JsonObject {
  const { stringData, data, ...rest } = object;
  const given = isObject(data) ? data : {};
  const texts = isObject(stringData) ? stringData : {};
  const encoded = mapValues(texts, (value) => Buffer.from(String(value)).toString("base64"));
  const clean = mapValues(given, (value) => (typeof value === "string" ? value.replace(/\s/g, "") : value));
  const merged = { ...clean, ...encoded };
  return Object.keys(merged).length > 0 ? { ...rest, data: merged } : rest;
}

function withoutZeroes(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutZeroes);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !isDropped(key, item))
      .map(([key, item]) => [key, normalizeField(key, item)]),
  );
}

function normalizeField(key: string, value: Json): Json {
  if (quantityMaps.has(key) && isObject(value)) {
    return mapValues(value, (item) => (isQuantity(item) ? quantity(item) : item));
  }
  if (quantities.has(key) && isQuantity(value)) return quantity(value);
  // A selector of labels is the user's, one of a workload holds `matchLabels` and is looked into.
  if (freeMaps.has(key) && isObject(value) && !("matchLabels" in value || "matchExpressions" in value)) return value;
  return withoutZeroes(value);
}

function isDropped(key: string, value: Json): boolean {
  if (value === null) return true;
  if (meaningful.has(key)) return false;
  if (value === "" || (Array.isArray(value) && value.length === 0)) return true;
  if (isObject(value) && Object.keys(value).length === 0) return freeMaps.has(key) || quantityMaps.has(key);
  return (value === false && switches.has(key)) || (value === 0 && counts.has(key));
}

/** A rendering, which no API server answers, says what was written. */
function quantity(written: string | number): string {
  return offlineFile() === undefined ? canonicalQuantity(written) : String(written);
}

function isQuantity(value: Json): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
