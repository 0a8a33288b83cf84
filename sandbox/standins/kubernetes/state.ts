import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  at,
  hasSecret,
  isObject,
  isSecret,
  type Json,
  type JsonObject,
  mapObjects,
  mapValues,
  type PropertyMap,
  plain,
  secret,
  textAt,
} from "../values.ts";

/** What made a resource: the name under which the provider owns its fields, and the version it was created in. */
export interface Origin {
  fieldManager: string;
  initialApiVersion: string;
}

/** The origin of a resource that is made now. */
export function newOrigin(inputs: JsonObject): Origin {
  const fieldManager = `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
  return { fieldManager, initialApiVersion: textAt(inputs, "apiVersion") };
}

/** The state of a resource in the official provider's layout: the live object, with secrets where the inputs had them, and what made it. */
export function checkpoint(inputs: JsonObject, live: JsonObject, given: PropertyMap, origin: Origin): PropertyMap {
  return {
    ...hide(dashesToUnderscores(live), given),
    __inputs: hide(dashesToUnderscores(inputs), given),
    __initialApiVersion: origin.initialApiVersion,
    __fieldManager: origin.fieldManager,
  };
}

/** What a state says: the live object and what made it. */
export function parseCheckpoint(state: PropertyMap): { live: JsonObject; origin: Origin } {
  const { __inputs, __initialApiVersion, __fieldManager, ...live } = underscoresToDashes(plain(state));
  return {
    live,
    origin: { fieldManager: String(__fieldManager), initialApiVersion: String(__initialApiVersion) },
  };
}

/**
 * The object with its secrets wrapped: a Secret's data always, elsewhere what was a secret in the inputs. A list with
 * one secret in it becomes a secret as a whole, because the API server may reorder lists.
 */
export function hide(object: JsonObject, given: PropertyMap): PropertyMap {
  return mapValues(object, (value, key) => {
    if (object.kind === "Secret" && (key === "data" || key === "stringData")) return secret(value);
    const source = given[key];
    if (source === undefined || !hasSecret(source)) return value;
    return isObject(value) && isObject(source) && !isSecret(source) ? hide(value, source) : secret(value);
  });
}

/**
 * The inputs as a refresh finds them: each as it was given where the live object still says what it said when the
 * inputs were applied, else as it is live now.
 */
export function refreshed(given: Json, applied: Json | undefined, live: Json | undefined): Json | undefined {
  if (isDeepStrictEqual(applied, live)) return given;
  if (isObject(given) && isObject(live)) {
    const fields = Object.entries(given).map(([key, value]) => [key, refreshed(value, at(applied, key), live[key])]);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
  if (Array.isArray(given) && Array.isArray(live) && Array.isArray(applied) && given.length === live.length) {
    return given.map((item, index) => refreshed(item, applied[index], live[index]) ?? null);
  }
  return live;
}

/** The fields of a CRD's schema that TypeScript cannot name: `x-kubernetes-…` is `x_kubernetes_…` in programs. */
const extension = /^x[-_]kubernetes[-_]/;

function dashesToUnderscores(object: JsonObject): JsonObject {
  return renamed(object, "-", "_");
}

/** Inputs and state as the API server names their fields. */
export function underscoresToDashes(object: JsonObject): JsonObject {
  return renamed(object, "_", "-");
}

function renamed(object: JsonObject, from: string, to: string): JsonObject {
  const rename = (key: string) => (extension.test(key) ? key.replaceAll(from, to) : key);
  return mapObjects(object, (fields) =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [rename(key), value])),
  ) as JsonObject;
}
