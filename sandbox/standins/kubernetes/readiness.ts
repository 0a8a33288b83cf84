import { at, isObject, type JsonObject, numberAt, objectsAt, sameJson, textAt } from "../values.ts";
import { annotation } from "./types.ts";

/** Whether an object does what it is there for. */
export interface Readiness {
  ready: boolean;
  /** Whether waiting longer is of no use. */
  failed?: boolean;
  /** What is still missing, one sentence each. */
  reasons: string[];
}

/** What else decides: looked up only for the kinds that need it. */
export interface Surroundings {
  /** The Endpoints of the same name as a Service. */
  endpoints?: JsonObject | undefined;
  /** The storage class of a claim. */
  storageClass?: JsonObject | undefined;
}

const isReady: Readiness = { ready: true, reasons: [] };
const waiting = (...reasons: string[]): Readiness => ({ ready: false, reasons });

/** What must hold before a kind counts as deployed, as in the official provider. */
const conditions: Record<string, (object: JsonObject, around: Surroundings) => Readiness> = {
  Deployment: deployment,
  StatefulSet: statefulSet,
  DaemonSet: daemonSet,
  Job: job,
  Pod: pod,
  Service: service,
  Ingress: (object) =>
    objectsAt(object, "status", "loadBalancer", "ingress").length > 0
      ? isReady
      : waiting("Ingress .status.loadBalancer field was not updated with a hostname or IP address"),
  PersistentVolumeClaim: claim,
  ResourceQuota: (object) =>
    sameJson(at(object, "spec", "hard"), at(object, "status", "hard"))
      ? isReady
      : waiting("the quota is not in force yet"),
};

/** Whether an object is ready. Kinds that nothing is known about are ready at once. */
export function readiness(object: JsonObject, around: Surroundings = {}): Readiness {
  if (annotation(object, "pulumi.com/skipAwait") === "true") return isReady;
  const waitFor = annotation(object, "pulumi.com/waitFor");
  if (waitFor !== "") return named(object, waitFor);
  return conditions[textAt(object, "kind")]?.(object, around) ?? isReady;
}

/** `condition=Ready`, `condition=Ready=False`, or a JSON list of such. */
function named(object: JsonObject, waitFor: string): Readiness {
  const wanted: unknown[] = waitFor.startsWith("[") ? JSON.parse(waitFor) : [waitFor];
  const missing = wanted.filter((expression) => {
    const [, type = "", status = "True"] = /^condition=([^=]+)(?:=(.+))?$/.exec(String(expression)) ?? [];
    if (type === "") {
      throw new Error(
        `pulumi.com/waitFor: the stand-in for the kubernetes provider knows "condition=<type>[=<status>]", not "${expression}".`,
      );
    }
    return condition(object, type)?.status !== status;
  });
  return missing.length === 0 ? isReady : waiting(...missing.map((expression) => `waiting for ${expression}`));
}

function condition(object: JsonObject, type: string): JsonObject | undefined {
  return objectsAt(object, "status", "conditions").find((item) => item.type === type);
}

/** Whether the controller has seen the latest change. */
function isObserved(object: JsonObject): boolean {
  return (numberAt(object, "status", "observedGeneration") ?? 0) >= (numberAt(object, "metadata", "generation") ?? 0);
}

function deployment(object: JsonObject): Readiness {
  if (!isObserved(object)) return waiting("the Deployment's controller has not seen the change yet");
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const status = (field: string) => numberAt(object, "status", field) ?? 0;
  const progressing = condition(object, "Progressing");
  const reasons: string[] = [];
  if (progressing?.reason === "ProgressDeadlineExceeded") reasons.push(textAt(progressing, "message"));
  if (status("updatedReplicas") < wanted)
    reasons.push(`${status("updatedReplicas")} of ${wanted} Pods are of the new version`);
  if (status("availableReplicas") < wanted)
    reasons.push(`${status("availableReplicas")} of ${wanted} Pods are available`);
  if (status("replicas") > status("updatedReplicas")) reasons.push("Pods of the old version are still there");
  return reasons.length === 0 ? isReady : waiting(...reasons);
}

function statefulSet(object: JsonObject): Readiness {
  if (!isObserved(object)) return waiting("the StatefulSet's controller has not seen the change yet");
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const status = (field: string) => numberAt(object, "status", field) ?? 0;
  const reasons: string[] = [];
  if (status("readyReplicas") < wanted) reasons.push(`${status("readyReplicas")} of ${wanted} Pods are ready`);
  const rolling = textAt(object, "spec", "updateStrategy", "type") !== "OnDelete";
  const kept = numberAt(object, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  if (rolling && textAt(object, "status", "currentRevision") !== textAt(object, "status", "updateRevision")) {
    const updated = status("updatedReplicas");
    if (updated < wanted - kept) reasons.push(`${updated} of ${wanted - kept} Pods are of the new version`);
  }
  return reasons.length === 0 ? isReady : waiting(...reasons);
}

function daemonSet(object: JsonObject): Readiness {
  if (!isObserved(object)) return waiting("the DaemonSet's controller has not seen the change yet");
  const wanted = numberAt(object, "status", "desiredNumberScheduled") ?? 0;
  const onDelete = textAt(object, "spec", "updateStrategy", "type") === "OnDelete";
  const updated = onDelete ? wanted : (numberAt(object, "status", "updatedNumberScheduled") ?? 0);
  const available = numberAt(object, "status", "numberAvailable") ?? 0;
  const reasons: string[] = [];
  if (updated < wanted) reasons.push(`${updated} of ${wanted} Pods are of the new version`);
  if (available < wanted) reasons.push(`${available} of ${wanted} Pods are available`);
  return reasons.length === 0 ? isReady : waiting(...reasons);
}

function job(object: JsonObject): Readiness {
  const failure = condition(object, "Failed");
  if (failure?.status === "True") {
    return {
      ready: false,
      failed: true,
      reasons: [`the Job failed: ${textAt(failure, "reason")}: ${textAt(failure, "message")}`],
    };
  }
  return condition(object, "Complete")?.status === "True" ? isReady : waiting("the Job has not completed yet");
}

function pod(object: JsonObject): Readiness {
  if (condition(object, "Ready")?.status === "True" || textAt(object, "status", "phase") === "Succeeded")
    return isReady;
  return waiting(...podReasons(object));
}

function service(object: JsonObject, { endpoints }: Surroundings): Readiness {
  const type = textAt(object, "spec", "type") || "ClusterIP";
  const reasons: string[] = [];
  if (type === "LoadBalancer" && objectsAt(object, "status", "loadBalancer", "ingress").length === 0) {
    reasons.push("Service was not allocated an IP address; does your cloud provider support this?");
  }
  const selector = at(object, "spec", "selector");
  const headless = textAt(object, "spec", "clusterIP") === "None";
  const targets = type !== "ExternalName" && !headless && isObject(selector) && Object.keys(selector).length > 0;
  const pending = objectsAt(endpoints, "subsets").some((subset) => objectsAt(subset, "notReadyAddresses").length > 0);
  if (targets && (!endpoints || pending)) {
    reasons.push("Selected Pods are not ready, or field '.spec.selector' does not match labels on any Pods");
  }
  return reasons.length === 0 ? isReady : waiting(...reasons);
}

function claim(object: JsonObject, { storageClass }: Surroundings): Readiness {
  const phase = textAt(object, "status", "phase");
  const bindsLate = storageClass?.volumeBindingMode === "WaitForFirstConsumer";
  if (phase === "Bound" || (bindsLate && phase === "Pending")) return isReady;
  return waiting(`the claim is ${phase || "not seen yet"}, not Bound`);
}

/** Why a Pod does not run: what its containers wait for, or why no node takes it. */
export function podReasons(object: JsonObject): string[] {
  const statuses = ["initContainerStatuses", "containerStatuses"].flatMap((list) => objectsAt(object, "status", list));
  const reasons = statuses.flatMap((status) => {
    for (const state of ["waiting", "terminated"]) {
      const why = at(status, "state", state);
      if (!isObject(why) || why.reason === "PodInitializing" || why.reason === "Completed") continue;
      const message = textAt(why, "message");
      return [`container ${textAt(status, "name")}: ${textAt(why, "reason")}${message === "" ? "" : `: ${message}`}`];
    }
    return [];
  });
  const scheduled = condition(object, "PodScheduled");
  if (scheduled?.status === "False") reasons.push(`${textAt(scheduled, "reason")}: ${textAt(scheduled, "message")}`);
  if (reasons.length === 0) reasons.push(`is ${textAt(object, "status", "phase") || "Pending"} and not ready`);
  return reasons.map((reason) => `Pod ${textAt(object, "metadata", "name")}: ${reason}`);
}
