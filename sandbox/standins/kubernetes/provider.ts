import { isDeepStrictEqual } from "node:util";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import type { EngineLog } from "../plugin-server.ts";
import {
  type How,
  type Known,
  NotReady,
  partsOf,
  type Replacement,
  type ResourceProvider,
} from "../provider-server.ts";
import { at, hasUnknown, type JsonObject, objectAt, type PropertyMap, plain } from "../values.ts";
import { constructChart } from "./chart.ts";
import type { Cluster } from "./cluster.ts";
import {
  annotation,
  idOf,
  isNamespacedKind,
  kindOfType,
  reference,
  refuseForeign,
  replaceUnready,
  replacingFields,
  settled,
} from "./objects.ts";
import { noteOffline, offlineFile } from "./offline.ts";
import { createObject, deleteObject, isTooEarly, updateObject } from "./operations.ts";
import { identifying, readSettings, type Settings } from "./settings.ts";
import { checkpoint, hide, newOrigin, type Origin, parseCheckpoint, refreshed, underscoresToDashes } from "./state.ts";
import { missingNow, NotReadyInTime, Patience, untilGone, untilReady } from "./wait.ts";

/**
 * The kinds of Kubernetes itself, custom resources and `helm.v4.Chart`, over a real API server or, offline, over none.
 * Everything else is refused.
 */
export class KubernetesProvider implements ResourceProvider {
  readonly version = "4.32.0";
  readonly replacing = identifying;
  readonly #log: EngineLog;
  readonly #cancelled = new AbortController();
  #settings: Settings = readSettings(new Map(), process.env);
  #cluster: Promise<Cluster> | undefined;

  constructor(log: EngineLog) {
    this.#log = log;
  }

  configure(variables: ReadonlyMap<string, string>): void {
    this.#settings = readSettings(variables, process.env);
    this.#cluster = undefined;
  }

  cancel(): void {
    this.#cancelled.abort();
  }

  /** The cluster, connected to when it is needed first; offline nothing of it is loaded. */
  cluster(): Promise<Cluster> {
    const { kubeconfig, context } = this.#settings;
    this.#cluster ??= import("./cluster.ts").then(({ connect }) => connect(kubeconfig, context));
    return this.#cluster;
  }

  /** Whether a kind has a namespace. Without an API server, or before its CRD is there: as far as it is known. */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean> {
    const served = offlineFile ? undefined : await (await this.cluster()).isNamespaced(apiVersion, kind);
    return served ?? isNamespacedKind(kind);
  }

  check(urn: string, news: PropertyMap): PropertyMap {
    const { type, name } = partsOf(urn);
    const object: JsonObject = { ...kindOfType(type), ...underscoresToDashes(plain(news)) };
    refuseForeign(object, name);
    return hide(settled(object), news);
  }

  async diff(old: PropertyMap, news: PropertyMap): Promise<Replacement> {
    const [before, after] = [plain(old), plain(news)];
    const replaces = replacingFields(after, this.#settings).filter((field) => {
      const path = field.split(".");
      return !isDeepStrictEqual(at(before, ...path), at(after, ...path));
    });
    if (await this.#isToBeReplaced(after)) replaces.push(`metadata.annotations["${replaceUnready}"]`);
    return { replaces, deleteBeforeReplace: replaces.length > 0 && idOf(before) === idOf(after) };
  }

  create(urn: string, given: PropertyMap, how: How): Promise<{ id: string; state: PropertyMap }> {
    const inputs = underscoresToDashes(plain(given));
    const origin = newOrigin(inputs);
    const writing = { settings: this.#settings, fieldManager: origin.fieldManager, preview: how.preview };
    return this.#write(urn, inputs, given, origin, how, (cluster) => createObject(cluster, inputs, writing));
  }

  async update(urn: string, olds: PropertyMap, news: PropertyMap, how: How): Promise<PropertyMap> {
    const inputs = underscoresToDashes(plain(news));
    const { origin } = parseCheckpoint(olds);
    const writing = { settings: this.#settings, fieldManager: origin.fieldManager, preview: how.preview };
    const update = (cluster: Cluster) => updateObject(cluster, inputs, how.ignoreChanges, writing);
    return (await this.#write(urn, inputs, news, origin, how, update)).state;
  }

  async read(urn: string, id: string, old: Known): Promise<Known | undefined> {
    if (offlineFile) return old;
    const { apiVersion, kind } = kindOfType(partsOf(urn).type);
    const cluster = await this.cluster();
    const live = await cluster.find(reference(apiVersion, kind, id));
    if (!live) return undefined;
    const applied = parseCheckpoint(old.state);
    const inputs = objectAt(refreshed(underscoresToDashes(plain(old.inputs)), applied.live, live));
    const found = { state: checkpoint(inputs, live, old.inputs, applied.origin), inputs: hide(inputs, old.inputs) };
    const missing = await missingNow(cluster, live);
    if (missing.length === 0) return found;
    throw new NotReady(`${kind} ${id} is not ready: ${missing.join("; ")}`, id, missing, found);
  }

  async delete(olds: PropertyMap, seconds: number): Promise<void> {
    if (offlineFile) return;
    const { live } = parseCheckpoint(olds);
    const cluster = await this.cluster();
    if (await deleteObject(cluster, live)) {
      await untilGone(cluster, live, new Patience(seconds, live, this.#cancelled.signal));
    }
  }

  construct(request: ConstructRequest) {
    return constructChart(request, this, this.#log);
  }

  /** Whether this is a Job that is not done and whose annotation asks for a new one then. */
  async #isToBeReplaced(job: JsonObject): Promise<boolean> {
    if (job.kind !== "Job" || annotation(job, replaceUnready) !== "true" || offlineFile) return false;
    const cluster = await this.cluster();
    const live = await cluster.find(job);
    return live !== undefined && (await missingNow(cluster, live)).length > 0;
  }

  /** Writes an object and waits for it; what does not get ready is recorded as it is, so that the next run continues from there. */
  async #write(
    urn: string,
    inputs: JsonObject,
    given: PropertyMap,
    origin: Origin,
    { preview, seconds }: How,
    write: (cluster: Cluster) => Promise<JsonObject>,
  ): Promise<{ id: string; state: PropertyMap }> {
    const id = preview ? "" : idOf(inputs);
    if (offlineFile) {
      noteOffline(offlineFile, urn, inputs, given);
      return { id, state: given };
    }
    if (preview && hasUnknown(inputs)) return { id, state: given };
    const cluster = await this.cluster();
    const written = await write(cluster).catch((error: unknown) => {
      if (preview && isTooEarly(error)) return undefined;
      throw error;
    });
    if (!written) return { id, state: given };
    if (preview) {
      const { status: _, ...unchanging } = written;
      return { id, state: checkpoint(inputs, unchanging, given, origin) };
    }
    try {
      const patience = new Patience(seconds, inputs, this.#cancelled.signal);
      const live = await untilReady(cluster, written, patience, (state) => this.#log.status(urn, state));
      return { id: idOf(live), state: checkpoint(inputs, live, given, origin) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const { reasons, live } = error instanceof NotReadyInTime ? error : { reasons: [message], live: written };
      throw new NotReady(message, idOf(written), reasons, { state: checkpoint(inputs, live, given, origin) });
    }
  }
}
