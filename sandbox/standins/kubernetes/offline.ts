import { appendFileSync } from "node:fs";
import {
  hasUnknown,
  isObject,
  isUnknown,
  type Json,
  type JsonObject,
  mapValues,
  type PropertyMap,
  secretPaths,
} from "../values.ts";

/** Kubernetes version that charts are rendered for where no API server can be asked. */
export const offlineKubernetesVersion = "1.36.1";

/** Where what would be created is written, one JSON object a line; undefined when an API server is to be used. */
export function offlineFile(): string | undefined {
  return process.env.KEELSON_OFFLINE || undefined;
}

/**
 * Notes what would be created: the URN, the plain object, and the paths in it that are secret.
 * @param hidden the object with its secrets wrapped
 */
export function noteOffline(file: string, urn: string, object: JsonObject, hidden: PropertyMap): void {
  const shown = hasUnknown(object) ? (named(object) as JsonObject) : object;
  appendFileSync(file, `${JSON.stringify({ urn, object: shown, secrets: secretPaths(hidden) })}\n`);
}

function named(value: Json): Json {
  if (Array.isArray(value)) return value.map(named);
  if (isObject(value)) return mapValues(value, named);
  return isUnknown(value) ? "(known after deployment)" : value;
}
