import { randomBytes } from "node:crypto";
import {
  hasSecret,
  isObject,
  isSecret,
  type Json,
  type JsonObject,
  mapValues,
  type PropertyMap,
  plainObject,
  secret,
  textAt,
} from "../values.ts";

/** What a resource's state holds beside the live object, in the official provider's layout. */
export interface Recorded {
  inputs: JsonObject;
  live: JsonObject;
  /** The name under which the provider owns fields on the API server. */
  fieldManager: string;
}

/** A new field manager's name. */
export function newFieldManager(): string {
  return `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

/** The state of a resource: the live object, with secrets where the inputs had them, and what made it. */
export function checkpoint(
  inputs: JsonObject,
  live: JsonObject,
  given: PropertyMap,
  fieldManager: string,
  initialApiVersion = textAt(inputs, "apiVersion"),
): PropertyMap {
  const state = hide(dashesToUnderscores(live), given);
  const { stringData } = given;
  if (live.kind === "Secret" && stringData !== undefined && isObject(state.data) && !isSecret(state.data)) {
    state.data = secret(state.data);
  }
  return {
    ...state,
    __inputs: hide(dashesToUnderscores(inputs), given),
    __initialApiVersion: initialApiVersion,
    __fieldManager: fieldManager,
  };
}

/** What a state says, without secret wrappers. */
export function parseCheckpoint(state: PropertyMap): Recorded & { initialApiVersion: string } {
  const { __inputs, __initialApiVersion, __fieldManager, ...live } = underscoresToDashes(plainObject(state));
  const inputs = isObject(__inputs) ? __inputs : {};
  return {
    inputs,
    live,
    fieldManager: typeof __fieldManager === "string" ? __fieldManager : newFieldManager(),
    initialApiVersion: typeof __initialApiVersion === "string" ? __initialApiVersion : textAt(inputs, "apiVersion"),
  };
}

/**
 * The object with its secrets wrapped: a Secret's data always, elsewhere what was a secret in the inputs. A list with
 * one secret in it becomes a secret as a whole, because the API server may reorder lists.
 */
export function hide(object: JsonObject, given: PropertyMap): PropertyMap {
  if (object.kind === "Secret") {
    return mapValues(object, (value, key) => (key === "data" || key === "stringData" ? secret(value) : value));
  }
  return mapValues(object, (value, key) => {
    const source = given[key];
    if (source === undefined) return value;
    if (isObject(value) && isObject(source) && !isSecret(source)) return hide(value, source);
    return hasSecret(source) ? secret(value) : value;
  });
}

/** The fields of a CRD's schema that TypeScript cannot name: `x-kubernetes-…` is `x_kubernetes_…` in programs. */
const extension = /^x[-_]kubernetes[-_]/;

function dashesToUnderscores(object: JsonObject): JsonObject {
  return rename(object, (key) => (extension.test(key) ? key.replaceAll("-", "_") : key)) as JsonObject;
}

/** Inputs and state as the API server names their fields. */
export function underscoresToDashes(object: JsonObject): JsonObject {
  return rename(object, (key) => (extension.test(key) ? key.replaceAll("_", "-") : key)) as JsonObject;
}

function rename(value: Json, key: (key: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => rename(item, key));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [key(name), rename(item, key)]));
}
