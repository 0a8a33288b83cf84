import { setTimeout as sleep } from "node:timers/promises";
import { at, isObject, type Json, type JsonObject, objectAt, objectsAt, textAt } from "../values.ts";
import { ApiError, isMissing } from "./api-error.ts";
import type { Cluster, Request } from "./cluster.ts";
import { annotation, patchForce } from "./objects.ts";
import type { Settings } from "./settings.ts";

/** Who creates objects: updates come under a manager of their own, which takes these fields over first. */
const creator = "pulumi-kubernetes";
/** Managers that give way to ours, by how their name begins. */
const predecessors = /^(pulumi-kubernetes|pulumi-resource-kubernetes|kubectl|before-first-apply)/;
/** How often a create is tried while its namespace or its kind is not there yet, and the first pause in milliseconds. */
const tries = 7;
const firstPause = 250;

/** How an object is written. */
export interface Writing {
  settings: Settings;
  /** The name under which the provider owns fields. */
  fieldManager: string;
  /** Whether nothing may change. */
  preview: boolean;
}

/** Creates an object, or takes over the one that is there where the settings say so. */
export async function createObject(cluster: Cluster, object: JsonObject, writing: Writing): Promise<JsonObject> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (writing.settings.upsert) return await apply(cluster, object, writing);
      const query = { fieldManager: creator, ...dryRun(writing) };
      return await cluster.onCollection("POST", object, { query, body: object });
    } catch (error) {
      if (writing.preview || attempt > tries || !isMissing(error)) throw error;
      await sleep(firstPause * 2 ** (attempt - 1));
    }
  }
}

/** Updates an object by server-side apply. */
export async function updateObject(
  cluster: Cluster,
  inputs: JsonObject,
  ignoreChanges: readonly string[],
  writing: Writing,
): Promise<JsonObject> {
  const live = await cluster.onObject("GET", inputs);
  if (!writing.preview) await takeOver(cluster, live, writing.fieldManager);
  const object = structuredClone(inputs);
  // What is to be left alone is said as it is, which no other manager of the field can mind.
  for (const path of ignoreChanges.map((field) => field.split("."))) {
    const [parent, value] = [at(object, ...path.slice(0, -1)), at(live, ...path)];
    if (isObject(parent) && value !== undefined) parent[path.at(-1) ?? ""] = value;
  }
  return apply(cluster, object, writing);
}

function dryRun({ preview }: Writing): Record<string, string> {
  return preview ? { dryRun: "All" } : {};
}

/** Applies on the server. A preview takes every field, because it cannot take over those of the object's creation before. */
async function apply(cluster: Cluster, object: JsonObject, writing: Writing): Promise<JsonObject> {
  const { fieldManager, preview, settings } = writing;
  const force = preview || settings.force || annotation(object, patchForce) === "true";
  const query = { fieldManager, force: String(force), ...dryRun(writing) };
  const request: Request = { query, body: object, contentType: "application/apply-patch+yaml" };
  return cluster.onObject("PATCH", object, request);
}

/**
 * Gives the fields that an object was created with to the manager that applies updates. Without it, a field that is later
 * left out would stay.
 */
async function takeOver(cluster: Cluster, live: JsonObject, manager: string): Promise<void> {
  const entries = objectsAt(live, "metadata", "managedFields");
  const isOurs = (entry: JsonObject) => entry.manager === manager && entry.operation === "Apply";
  const theirs = entries.filter(
    (entry) =>
      entry.operation === "Update" && entry.subresource === undefined && predecessors.test(textAt(entry, "manager")),
  );
  if (theirs.length === 0) return;
  const fieldsV1 = [...entries.filter(isOurs), ...theirs].map((entry) => entry.fieldsV1 ?? {}).reduce(union, {});
  const ours: JsonObject = { ...theirs[0], manager, operation: "Apply", fieldsV1 };
  const kept = entries.filter((entry) => !theirs.includes(entry) && !isOurs(entry));
  const body = [
    { op: "replace", path: "/metadata/managedFields", value: [...kept, ours] },
    { op: "replace", path: "/metadata/resourceVersion", value: textAt(live, "metadata", "resourceVersion") },
  ];
  await cluster.onObject("PATCH", live, { body, contentType: "application/json-patch+json" });
}

function union(one: Json, other: Json): JsonObject {
  const result = { ...objectAt(one) };
  for (const [key, value] of Object.entries(objectAt(other))) result[key] = union(result[key] ?? {}, value);
  return result;
}

/** Asks for an object's deletion, what it owns first; false where it is not there any more. */
export async function deleteObject(cluster: Cluster, object: JsonObject): Promise<boolean> {
  const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Foreground" };
  try {
    await cluster.onObject("DELETE", object, { body });
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Whether an error in a preview only says that it comes too early: the engine then shows the inputs. */
export function isTooEarly(error: unknown): boolean {
  return error instanceof ApiError && (["Forbidden", "AlreadyExists"].includes(error.reason) || error.code === 404);
}
