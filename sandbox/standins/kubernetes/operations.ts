import { setTimeout as sleep } from "node:timers/promises";
import { at, isObject, type JsonObject, textAt } from "../values.ts";
import { ApiError, type Cluster, isMissing, type Query, UnknownKind } from "./cluster.ts";
import { creator, hasCreatorsFields, isOwnedByOthers, takeOver } from "./field-managers.ts";
import type { Settings } from "./settings.ts";
import { annotation, idOf } from "./types.ts";

/** How often a create is tried while its namespace or its kind is not there yet, and the first pause in milliseconds. */
const tries = 7;
const firstPause = 250;

const dryRun = (preview: boolean): Query => (preview ? { dryRun: "All" } : {});

/** Creates an object, or takes over the one that is there where the settings say so. */
export async function createObject(
  cluster: Cluster,
  object: JsonObject,
  settings: Settings,
  fieldManager: string,
  preview: boolean,
): Promise<JsonObject> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (!settings.upsertExistingObjects)
        return await cluster.create(object, { fieldManager: creator, ...dryRun(preview) });
      return await cluster.apply(object, {
        fieldManager,
        force: String(isForced(object, settings) || preview),
        ...dryRun(preview),
      });
    } catch (error) {
      if (error instanceof ApiError && error.reason === "AlreadyExists") throw alreadyExists(error, object);
      if (preview || attempt > tries || !isMissing(error)) throw error;
      await sleep(firstPause * 2 ** (attempt - 1));
    }
  }
}

function alreadyExists(error: ApiError, object: JsonObject): ApiError {
  return new ApiError(
    error.code,
    error.reason,
    `${error.message}. ${textAt(object, "kind")} ${idOf(object)} is already in the cluster: give a renamed resource an ` +
      "alias, import what should belong to the stack (pulumi import), or set kubernetes:upsertExistingObjects to take it over.",
  );
}

/** Updates an object by server-side apply; a CustomResourceDefinition is replaced as a whole. */
export async function updateObject(
  cluster: Cluster,
  inputs: JsonObject,
  settings: Settings,
  fieldManager: string,
  ignoreChanges: readonly string[],
  preview: boolean,
): Promise<JsonObject> {
  const live = await cluster.read(inputs);
  if (inputs.kind === "CustomResourceDefinition") {
    const resourceVersion = textAt(live, "metadata", "resourceVersion");
    const metadata = { ...(isObject(inputs.metadata) ? inputs.metadata : {}), resourceVersion };
    return cluster.replace({ ...inputs, metadata }, { fieldManager, ...dryRun(preview) });
  }
  const patch = preview ? undefined : takeOver(live, fieldManager);
  const owned = patch === undefined ? live : await cluster.patch(live, patch);
  const force = isForced(inputs, settings) || (preview && hasCreatorsFields(live));
  return cluster
    .apply(keepIgnored(inputs, owned, fieldManager, ignoreChanges), {
      fieldManager,
      force: String(force),
      ...dryRun(preview),
    })
    .catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.reason !== "Conflict") throw error;
      throw new ApiError(
        error.code,
        error.reason,
        `${error.message}. Another owner has set these fields: leave them out, or take them with the annotation pulumi.com/patchForce: "true".`,
      );
    });
}

function isForced(object: JsonObject, settings: Settings): boolean {
  return settings.enablePatchForce || annotation(object, "pulumi.com/patchForce") === "true";
}

/** Fields whose changes are ignored stay with their owner, or keep the value they have. */
function keepIgnored(
  inputs: JsonObject,
  live: JsonObject,
  fieldManager: string,
  ignored: readonly string[],
): JsonObject {
  const object = structuredClone(inputs);
  for (const path of ignored.map((field) => field.split("."))) {
    const parent = at(object, ...path.slice(0, -1));
    const last = path.at(-1) ?? "";
    const value = at(live, ...path);
    if (!isObject(parent)) continue;
    if (isOwnedByOthers(live, path, fieldManager)) delete parent[last];
    else if (value !== undefined) parent[last] = value;
  }
  return object;
}

/** Asks for an object's deletion, what it owns first; false where it is not there any more. */
export async function deleteObject(cluster: Cluster, object: JsonObject): Promise<boolean> {
  const policy = annotation(object, "pulumi.com/deletionPropagationPolicy").toLowerCase();
  const propagationPolicy = policy === "orphan" ? "Orphan" : policy === "background" ? "Background" : "Foreground";
  try {
    await cluster.remove(object, { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy });
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Whether an error in a preview only says that it comes too early: the engine then shows the inputs. */
export function isTooEarly(error: unknown): boolean {
  if (error instanceof UnknownKind) return true;
  return error instanceof ApiError && (["Forbidden", "AlreadyExists"].includes(error.reason) || error.code === 404);
}
