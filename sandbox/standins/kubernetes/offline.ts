import { appendFileSync } from "node:fs";
import { isSecret, type Json, type JsonObject, type PropertyMap, unknown } from "../values.ts";

/** Kubernetes version that charts are rendered for where no API server can be asked. */
export const offlineKubernetesVersion = "1.36.1";

/** Where what would be created is written, one JSON object a line; undefined when an API server is to be used. */
export const offlineFile = process.env.KEELSON_OFFLINE || undefined;

/**
 * Notes what would be created: the URN, the plain object, and where secrets are in it, each as a path of keys.
 * @param hidden the object with its secrets wrapped
 */
export function noteOffline(file: string, urn: string, object: JsonObject, hidden: PropertyMap): void {
  const line = JSON.stringify({ urn, object, secrets: secretPaths(hidden) });
  appendFileSync(file, `${line.replaceAll(unknown, "(known after deployment)")}\n`);
}

/** The paths of every value wrapped as a secret, down to its single values. */
export function secretPaths(value: Json, path: readonly string[] = [], within = false): string[][] {
  if (isSecret(value)) return secretPaths(value.value, path, true);
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => secretPaths(item, [...path, key], within));
  }
  return within ? [[...path]] : [];
}
