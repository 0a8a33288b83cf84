import { setTimeout as sleep } from "node:timers/promises";
import { at, type JsonObject, objectAt, objectsAt, textAt } from "../values.ts";
import type { Cluster } from "./cluster.ts";
import { annotation, idOf, reference } from "./objects.ts";
import { hasFailed, missingOf, podReasons } from "./readiness.ts";

/** Ten minutes, the official provider's default for every kind. */
const defaultTimeoutSeconds = 600;
/** How often is looked, in milliseconds: at first quickly, for what is ready at once. */
const pauses = [100, 200, 400, 800];

/** Waits for as long as it may: `seconds` of the resource option, else of the object's annotation, else ten minutes. */
export class Patience {
  readonly #seconds: number;
  readonly #cancelled: AbortSignal;
  constructor(seconds: number, object: JsonObject, cancelled: AbortSignal) {
    this.#seconds = seconds || Number(annotation(object, "pulumi.com/timeoutSeconds")) || defaultTimeoutSeconds;
    this.#cancelled = cancelled;
  }

  /** Asks until there is an answer; undefined when the time is over. */
  async until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer | undefined> {
    const deadline = Date.now() + this.#seconds * 1000;
    for (let round = 0; ; round++) {
      const answer = await ask();
      if (answer !== undefined || Date.now() > deadline || this.#cancelled.aborted) return answer;
      const pause = pauses[Math.min(round, pauses.length - 1)];
      await sleep(pause, undefined, { signal: this.#cancelled }).catch(() => {});
    }
  }

  toString(): string {
    return this.#cancelled.aborted ? "before it was cancelled" : `within ${this.#seconds} s`;
  }
}

/** Did not get ready: the object as it was seen last, and why. */
export class NotReadyInTime extends Error {
  readonly live: JsonObject;
  readonly reasons: string[];
  constructor(message: string, live: JsonObject, reasons: string[]) {
    super(message);
    this.live = live;
    this.reasons = [message, ...reasons];
  }
}

/**
 * Waits until an object is ready and gives it back as it is then.
 * @param tell gets what is waited for, each time that changes, and "" in the end
 */
export async function untilReady(
  cluster: Cluster,
  created: JsonObject,
  patience: Patience,
  tell: (state: string) => void,
): Promise<JsonObject> {
  let live: JsonObject | undefined;
  let missing: string[] = [];
  let told = "";
  const ready = await patience.until(async () => {
    live = live ? await cluster.onObject("GET", live) : created;
    missing = await missingNow(cluster, live);
    const state = missing.join("; ");
    if (state !== told) tell(state);
    told = state;
    return missing.length === 0 || hasFailed(live) ? live : undefined;
  });
  if (ready && missing.length === 0) return ready;
  const last = live ?? created;
  const message = `${textAt(last, "kind")} ${idOf(last)} ${ready ? "failed" : `was not ready ${patience}`}`;
  throw new NotReadyInTime(message, last, [...missing, ...(await podsOf(cluster, last))]);
}

/** What is missing before a live object is ready. */
export async function missingNow(cluster: Cluster, live: JsonObject): Promise<string[]> {
  const storageClass = textAt(live, "spec", "storageClassName");
  const companion =
    live.kind === "Service"
      ? reference("v1", "Endpoints", idOf(live))
      : live.kind === "PersistentVolumeClaim" && storageClass !== ""
        ? reference("storage.k8s.io/v1", "StorageClass", storageClass)
        : undefined;
  return missingOf(live, companion && (await cluster.find(companion)));
}

/** What keeps the Pods of a workload from running. */
async function podsOf(cluster: Cluster, live: JsonObject): Promise<string[]> {
  const labels = objectAt(live, "spec", "selector", live.kind === "Service" ? "" : "matchLabels");
  if (Object.keys(labels).length === 0) return [];
  const labelSelector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const all = reference("v1", "Pod", `${textAt(live, "metadata", "namespace")}/`);
  const query = { labelSelector: labelSelector.join(",") };
  const found = await cluster.onCollection("GET", all, { query }).catch(() => ({}));
  // The server names the kind once, for the whole list.
  const pods = objectsAt(found, "items").filter((pod) => missingOf({ ...pod, kind: "Pod" }).length > 0);
  return [...new Set(pods.flatMap(podReasons))].slice(0, 10);
}

/** Waits until an object is gone, or another has taken its name. */
export async function untilGone(cluster: Cluster, object: JsonObject, patience: Patience): Promise<void> {
  let live: JsonObject | undefined;
  const gone = await patience.until(async () => {
    live = await cluster.find(object);
    return live && at(live, "metadata", "uid") === at(object, "metadata", "uid") ? undefined : true;
  });
  if (gone) return;
  const finalizers = at(live, "metadata", "finalizers");
  const held = Array.isArray(finalizers) ? ` It is held by: ${finalizers.join(", ")}.` : "";
  throw new Error(`${textAt(object, "kind")} ${idOf(object)} was not gone ${patience}.${held}`);
}
