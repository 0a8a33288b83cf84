import { isDeepStrictEqual } from "node:util";
import { at, type JsonObject, numberAt, objectAt, objectsAt, textAt } from "../values.ts";
import { annotation } from "./objects.ts";

/** What decides beside the object itself, for the kinds that need it: a Service's Endpoints, a claim's storage class. */
export type Companion = JsonObject | undefined;

/** What is still missing, one sentence each; none for a kind of which nothing is known. */
const missing: Record<string, (object: JsonObject, companion: Companion) => string[]> = {
  Deployment: rollout,
  StatefulSet: rollout,
  DaemonSet: rollout,
  Job: job,
  Pod: (pod) => (holds(pod, "Ready") || textAt(pod, "status", "phase") === "Succeeded" ? [] : podReasons(pod)),
  Service: service,
  Ingress: address,
  PersistentVolumeClaim: claim,
  ResourceQuota: (quota) =>
    isDeepStrictEqual(at(quota, "spec", "hard"), at(quota, "status", "hard")) ? [] : ["the quota is not in force yet"],
};

/** What is missing before an object counts as deployed, as in the official provider. */
export function missingOf(object: JsonObject, companion?: Companion): string[] {
  if (annotation(object, "pulumi.com/skipAwait") === "true") return [];
  return missing[textAt(object, "kind")]?.(object, companion) ?? [];
}

/** Whether waiting longer is of no use. */
export function hasFailed(object: JsonObject): boolean {
  return object.kind === "Job" && holds(object, "Failed");
}

function condition(object: JsonObject, type: string): JsonObject {
  return objectsAt(object, "status", "conditions").find((item) => item.type === type) ?? {};
}

function holds(object: JsonObject, type: string): boolean {
  return condition(object, type).status === "True";
}

/** Deployments, StatefulSets and DaemonSets say the same in slightly different words. */
function rollout(object: JsonObject): string[] {
  if (numberAt(object, "status", "observedGeneration") < numberAt(object, "metadata", "generation")) {
    return [`the ${textAt(object, "kind")}'s controller has not seen the change yet`];
  }
  const status = objectAt(object, "status");
  const daemons = object.kind === "DaemonSet";
  const wanted = daemons ? numberAt(status, "desiredNumberScheduled") : Number(at(object, "spec", "replicas") ?? 1);
  const updated = numberAt(status, daemons ? "updatedNumberScheduled" : "updatedReplicas");
  const available = numberAt(status, daemons ? "numberAvailable" : "availableReplicas");
  const { reason, message } = condition(object, "Progressing");
  return [
    ...(reason === "ProgressDeadlineExceeded" ? [String(message)] : []),
    ...(updated < wanted ? [`${updated} of ${wanted} Pods are of the new version`] : []),
    ...(available < wanted ? [`${available} of ${wanted} Pods are available`] : []),
    ...(object.kind === "Deployment" && numberAt(status, "replicas") > updated
      ? ["Pods of the old version are still there"]
      : []),
  ];
}

function job(object: JsonObject): string[] {
  if (holds(object, "Complete")) return [];
  const { reason, message } = condition(object, "Failed");
  return [hasFailed(object) ? `the Job failed: ${reason}: ${message}` : "the Job has not completed yet"];
}

function address(object: JsonObject): string[] {
  const addresses = objectsAt(object, "status", "loadBalancer", "ingress");
  return addresses.length > 0 ? [] : [`the ${textAt(object, "kind")} has no address yet`];
}

function service(object: JsonObject, endpoints: Companion): string[] {
  const type = textAt(object, "spec", "type");
  const headless = textAt(object, "spec", "clusterIP") === "None" || type === "ExternalName";
  const selects = !headless && Object.keys(objectAt(object, "spec", "selector")).length > 0;
  const pending = objectsAt(endpoints, "subsets").some((subset) => objectsAt(subset, "notReadyAddresses").length > 0);
  return [
    ...(type === "LoadBalancer" ? address(object) : []),
    ...(selects && (!endpoints || pending) ? ["its selector matches no Pods, or they are not ready"] : []),
  ];
}

function claim(object: JsonObject, storageClass: Companion): string[] {
  const phase = textAt(object, "status", "phase");
  const bindsLate = phase === "Pending" && storageClass?.volumeBindingMode === "WaitForFirstConsumer";
  return phase === "Bound" || bindsLate ? [] : [`the claim is ${phase || "not seen yet"}, not Bound`];
}

/** Why a Pod does not run: what its containers wait for, or why no node takes it. */
export function podReasons(pod: JsonObject): string[] {
  const statuses = ["initContainerStatuses", "containerStatuses"].flatMap((list) => objectsAt(pod, "status", list));
  const reasons = statuses.flatMap((status) => {
    const why = { ...objectAt(status, "state", "terminated"), ...objectAt(status, "state", "waiting") };
    const { reason = "Completed", message } = why;
    if (reason === "PodInitializing" || reason === "Completed") return [];
    return [`container ${textAt(status, "name")}: ${[reason, message].filter(Boolean).join(": ")}`];
  });
  const { status, reason, message } = condition(pod, "PodScheduled");
  if (status === "False") reasons.push(`${reason}: ${message}`);
  if (reasons.length === 0) reasons.push(`is ${textAt(pod, "status", "phase") || "Pending"} and not ready`);
  return reasons.map((text) => `Pod ${textAt(pod, "metadata", "name")}: ${text}`);
}
