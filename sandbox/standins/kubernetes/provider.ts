import { NotReady } from "../plugin-server.ts";
import { hasUnknown, isObject, type JsonObject, type PropertyMap, plainObject, textAt } from "../values.ts";
import { type Cluster, connect, isMissing, reference, UnknownKind } from "./cluster.ts";
import { changes, type FieldChange, prune } from "./diff.ts";
import type { EngineLog } from "./engine-log.ts";
import { replacingFields } from "./force-new.ts";
import { normalize } from "./normalize.ts";
import { noteOffline, offlineFile } from "./offline.ts";
import { createObject, deleteObject, isTooEarly, updateObject } from "./operations.ts";
import type { Settings } from "./settings.ts";
import { checkpoint, hide, newFieldManager, parseCheckpoint, underscoresToDashes } from "./state.ts";
import { annotation, idOf, isNamespacedKind, kindOfType } from "./types.ts";
import { look, NotReadyInTime, timeoutSeconds, untilGone, untilReady } from "./wait.ts";

/** One configured provider: what the engine asks of it, in plain objects. */
export class Provider {
  readonly settings: Settings;
  readonly #log: EngineLog;
  readonly #cancelled = new AbortController();
  #cluster: Promise<Cluster> | undefined;

  constructor(settings: Settings, log: EngineLog) {
    this.settings = settings;
    this.#log = log;
  }

  /** The cluster, connected to when it is needed first. */
  cluster(): Promise<Cluster> {
    this.#cluster ??= connect(this.settings.kubeconfig, this.settings.context);
    return this.#cluster;
  }

  /** Ends all waiting. */
  cancel(): void {
    this.#cancelled.abort();
  }

  /** Whether a kind has a namespace. Without an API server, or before its CRD is there: as far as it is known. */
  async isNamespaced(object: JsonObject): Promise<boolean> {
    const kind = textAt(object, "kind");
    if (offlineFile() !== undefined) return isNamespacedKind(kind);
    try {
      return (await (await this.cluster()).kind(textAt(object, "apiVersion"), kind)).namespaced;
    } catch (error) {
      if (error instanceof UnknownKind) return isNamespacedKind(kind);
      throw error;
    }
  }

  /** The inputs as they will be applied, and why they cannot be, each as [property, reason]. */
  async check(urn: string, news: PropertyMap): Promise<{ inputs: PropertyMap; refused: [string, string][] }> {
    const object: JsonObject = { ...kindOfType(typeOf(urn)), ...underscoresToDashes(plainObject(news)) };
    const metadata = isObject(object.metadata) ? object.metadata : {};
    if (metadata.name === undefined || metadata.name === "") {
      const reason =
        `metadata.name is missing: the stand-in for the kubernetes provider makes up no names. ` +
        `Give ${textAt(object, "kind")} "${nameOf(urn)}" a fixed name.`;
      return { inputs: news, refused: [["metadata.name", reason]] };
    }
    const inputs = normalize(object);
    const { namespace } = this.settings;
    if (namespace !== "" && textAt(inputs, "metadata", "namespace") === "" && (await this.isNamespaced(inputs))) {
      inputs.metadata = { ...metadata, namespace };
    }
    return { inputs: hide(inputs, news), refused: [] };
  }

  /** What changes from a state to new inputs, by property path. */
  async diff(olds: PropertyMap, news: PropertyMap, ignored: readonly string[]) {
    const { inputs: oldInputs, live } = parseCheckpoint(olds);
    const next = normalize(underscoresToDashes(plainObject(news)));
    const old = normalize(oldInputs);
    const pruned = prune(live, old);
    const before: JsonObject = {
      apiVersion: live.apiVersion ?? null,
      kind: live.kind ?? null,
      ...(isObject(pruned) ? pruned : {}),
    };
    const namespaced = await this.isNamespaced(next);
    for (const object of [before, next]) {
      const { namespace, ...metadata } = isObject(object.metadata) ? object.metadata : {};
      object.metadata = namespaced ? { ...metadata, namespace: namespace || "default" } : metadata;
    }
    // The inputs may ask for another version of the same kind: the API server serves each object in all of them.
    const found = new Map<string, FieldChange>();
    for (const [path, change] of changes(before, next, old, replacingFields(next, this.settings.mutable))) {
      if (!ignored.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`))) {
        found.set(path, change);
      }
    }
    if (await this.#isToBeReplaced(next, live)) {
      found.set('metadata.annotations["pulumi.com/replaceUnready"]', { kind: "update", replaces: true });
    }
    const replaces = [...found.values()].some((change) => change.replaces);
    return { found, deleteBeforeReplace: replaces && idOf(before) === idOf(next) };
  }

  async create(
    urn: string,
    given: PropertyMap,
    seconds: number,
    preview: boolean,
  ): Promise<{ id: string; state: PropertyMap }> {
    const inputs = underscoresToDashes(plainObject(given));
    const file = offlineFile();
    if (file !== undefined) {
      noteOffline(file, urn, inputs, given);
      return { id: preview ? "" : idOf(inputs), state: given };
    }
    if (preview && hasUnknown(inputs)) return { id: "", state: given };
    const cluster = await this.cluster();
    const fieldManager = newFieldManager();
    const created = await createObject(cluster, inputs, this.settings, fieldManager, preview).catch(
      (error: unknown) => {
        if (preview && isTooEarly(error)) return undefined;
        throw error;
      },
    );
    if (!created) return { id: "", state: given };
    if (preview) return { id: "", state: checkpoint(inputs, without(created, "status"), given, fieldManager) };
    const live = await this.#ready(urn, cluster, created, timeoutSeconds(seconds, inputs), (object) =>
      checkpoint(inputs, object, given, fieldManager),
    );
    return { id: idOf(live), state: checkpoint(inputs, live, given, fieldManager) };
  }

  async update(
    urn: string,
    olds: PropertyMap,
    news: PropertyMap,
    how: { seconds: number; ignoreChanges: readonly string[]; preview: boolean },
  ): Promise<PropertyMap> {
    const inputs = normalize(underscoresToDashes(plainObject(news)));
    const file = offlineFile();
    if (file !== undefined) {
      noteOffline(file, urn, inputs, news);
      return news;
    }
    if (how.preview && hasUnknown(inputs)) return news;
    const { fieldManager, initialApiVersion } = parseCheckpoint(olds);
    const cluster = await this.cluster();
    const record = (object: JsonObject) => checkpoint(inputs, object, news, fieldManager, initialApiVersion);
    const updated = await updateObject(
      cluster,
      inputs,
      this.settings,
      fieldManager,
      how.ignoreChanges,
      how.preview,
    ).catch((error: unknown) => {
      if (how.preview && isTooEarly(error)) return undefined;
      throw error;
    });
    if (!updated) return news;
    if (how.preview) return record(updated);
    return record(await this.#ready(urn, cluster, updated, timeoutSeconds(how.seconds, inputs), record));
  }

  /** The live object as state and inputs; undefined when it is gone. */
  async read(
    urn: string,
    id: string,
    old: { state: PropertyMap; inputs: PropertyMap },
  ): Promise<{ state: PropertyMap; inputs: PropertyMap } | undefined> {
    if (offlineFile() !== undefined) return old;
    const { apiVersion, kind } = kindOfType(typeOf(urn));
    const [name = "", namespace = ""] = id.split("/").reverse();
    const cluster = await this.cluster();
    const live = await cluster.find(reference(apiVersion, kind, namespace, name));
    if (!live) return undefined;
    const isImport = Object.keys(old.inputs).length === 0;
    const oldInputs = normalize(underscoresToDashes(plainObject(old.inputs)));
    const pruned = isImport ? normalize(without(live, "status")) : prune(live, oldInputs);
    const inputs = isObject(pruned) ? pruned : {};
    const { fieldManager, initialApiVersion } = parseCheckpoint(old.state);
    const state = checkpoint(inputs, live, old.inputs, fieldManager, initialApiVersion || apiVersion);
    const hidden = hide(inputs, old.inputs);
    const { ready, reasons } = isImport ? { ready: true, reasons: [] } : await look(cluster, live);
    if (!ready)
      throw new NotReady(`${kind} ${idOf(live)} is not ready: ${reasons.join("; ")}`, id, reasons, state, hidden);
    return { state, inputs: hidden };
  }

  async delete(olds: PropertyMap, seconds: number): Promise<void> {
    if (offlineFile() !== undefined) return;
    const { inputs, live } = parseCheckpoint(olds);
    const object = { ...live, metadata: { ...(isObject(live.metadata) ? live.metadata : {}) } };
    const cluster = await this.cluster();
    const asked = await deleteObject(cluster, object);
    if (asked)
      await untilGone(cluster, object, timeoutSeconds(seconds, inputs), this.#cancelled.signal).catch(ignoreMissing);
  }

  /** Whether this is a Job that is not done and whose annotation asks for a new one then. */
  async #isToBeReplaced(next: JsonObject, live: JsonObject): Promise<boolean> {
    if (next.kind !== "Job" || annotation(next, "pulumi.com/replaceUnready") !== "true") return false;
    if (offlineFile() !== undefined) return false;
    const cluster = await this.cluster();
    const found = await cluster.find(live);
    return found !== undefined && !(await look(cluster, found)).ready;
  }

  /** Waits; what does not get ready is recorded as it is, so that the next run continues from there. */
  async #ready(
    urn: string,
    cluster: Cluster,
    created: JsonObject,
    seconds: number,
    record: (live: JsonObject) => PropertyMap,
  ): Promise<JsonObject> {
    const tell = (state: string) => this.#log.status(urn, state);
    try {
      const live = await untilReady(cluster, created, seconds, this.#cancelled.signal, tell);
      tell("");
      return live;
    } catch (error) {
      const live = error instanceof NotReadyInTime ? error.live : created;
      const message = error instanceof Error ? error.message : String(error);
      const reasons = error instanceof NotReadyInTime ? error.reasons : [];
      throw new NotReady(message, idOf(created), [message, ...reasons], record(live));
    }
  }
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

function without(object: JsonObject, field: string): JsonObject {
  const { [field]: _, ...rest } = object;
  return rest;
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
