import { setTimeout as sleep } from "node:timers/promises";
import { at, isObject, type JsonObject, textAt } from "../values.ts";
import { type Cluster, reference } from "./cluster.ts";
import { podReasons, type Readiness, readiness, type Surroundings } from "./readiness.ts";
import { annotation, idOf } from "./types.ts";

/** Ten minutes, the official provider's default for every kind. */
const defaultTimeoutSeconds = 600;
/** How often is looked, in milliseconds: at first quickly, for what is ready at once. */
const pauses = [100, 200, 400, 800];

/** How long to wait, in seconds: the resource option, else the annotation, else ten minutes. */
export function timeoutSeconds(option: number, object: JsonObject): number {
  return option || Number(annotation(object, "pulumi.com/timeoutSeconds")) || defaultTimeoutSeconds;
}

/** Did not get ready: the object as it was seen last, and why. */
export class NotReadyInTime extends Error {
  readonly live: JsonObject;
  readonly reasons: string[];
  constructor(message: string, live: JsonObject, reasons: string[]) {
    super(message);
    this.live = live;
    this.reasons = reasons;
  }
}

/**
 * Waits until an object is ready and gives it back as it is then.
 * @param tell gets what is waited for, each time that changes
 */
export async function untilReady(
  cluster: Cluster,
  created: JsonObject,
  seconds: number,
  cancelled: AbortSignal,
  tell: (state: string) => void,
): Promise<JsonObject> {
  const deadline = Date.now() + seconds * 1000;
  let live = created;
  let told = "";
  for (let round = 0; ; round++) {
    const state = await look(cluster, live);
    if (state.ready) return live;
    if (state.failed || Date.now() > deadline || cancelled.aborted) {
      const why = state.failed ? "failed" : cancelled.aborted ? "was cancelled" : `was not ready within ${seconds} s`;
      const reasons = [...state.reasons, ...(await podsOf(cluster, live))];
      throw new NotReadyInTime(`${textAt(live, "kind")} ${idOf(live)} ${why}`, live, reasons);
    }
    const message = state.reasons.join("; ");
    if (message !== told) tell(message);
    told = message;
    await sleep(pauses[Math.min(round, pauses.length - 1)], undefined, { signal: cancelled }).catch(() => {});
    live = await cluster.read(live);
  }
}

/** Whether a live object is ready now. */
export async function look(cluster: Cluster, live: JsonObject): Promise<Readiness> {
  return readiness(live, await surroundings(cluster, live));
}

async function surroundings(cluster: Cluster, live: JsonObject): Promise<Surroundings> {
  const namespace = textAt(live, "metadata", "namespace");
  if (live.kind === "Service" && live.apiVersion === "v1") {
    return { endpoints: await cluster.find(reference("v1", "Endpoints", namespace, textAt(live, "metadata", "name"))) };
  }
  const storageClass = textAt(live, "spec", "storageClassName");
  if (live.kind === "PersistentVolumeClaim" && storageClass !== "") {
    return { storageClass: await cluster.find(reference("storage.k8s.io/v1", "StorageClass", "", storageClass)) };
  }
  return {};
}

/** What keeps the Pods of a workload from running. */
async function podsOf(cluster: Cluster, live: JsonObject): Promise<string[]> {
  const labels =
    at(live, "spec", "selector", "matchLabels") ?? (live.kind === "Service" ? at(live, "spec", "selector") : undefined);
  if (!isObject(labels)) return [];
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const pods = await cluster
    .list("v1", "Pod", textAt(live, "metadata", "namespace"), { labelSelector })
    .catch((): JsonObject[] => []);
  return [...new Set(pods.filter((pod) => !readiness(pod).ready).flatMap(podReasons))].slice(0, 10);
}

/** Waits until an object is gone, or another has taken its name. */
export async function untilGone(
  cluster: Cluster,
  object: JsonObject,
  seconds: number,
  cancelled: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  const uid = textAt(object, "metadata", "uid");
  for (let round = 0; ; round++) {
    const live = await cluster.find(object);
    if (!live || (uid !== "" && textAt(live, "metadata", "uid") !== uid)) return;
    if (Date.now() > deadline || cancelled.aborted) {
      const finalizers = at(live, "metadata", "finalizers");
      const held = Array.isArray(finalizers) ? ` It is held by: ${finalizers.join(", ")}.` : "";
      throw new Error(`${textAt(live, "kind")} ${idOf(live)} is still there after ${seconds} s.${held}`);
    }
    await sleep(pauses[Math.min(round, pauses.length - 1)], undefined, { signal: cancelled }).catch(() => {});
  }
}
