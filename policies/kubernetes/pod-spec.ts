import type { Field } from "./field.ts";
import { groupOf, type KubernetesObject } from "./object.ts";
import { not, type Truth } from "./truth.ts";

/** The part of an object that pods are made of. */
export interface PodSpec {
  readonly field: Field;
  /** Whether its pods run until they are told to stop, not until their work is done. */
  readonly longRunning: Truth;
}

type Runs = "for long" | "to completion" | "as its restartPolicy says";

/** Every kind that makes pods by a pod spec: its group and kind, where the spec is, how long its pods run. */
const podBearing: Readonly<Record<string, { readonly path: readonly string[]; readonly runs: Runs }>> = {
  "/Pod": { path: ["spec"], runs: "as its restartPolicy says" },
  "/PodTemplate": { path: ["template", "spec"], runs: "as its restartPolicy says" },
  "/ReplicationController": { path: ["spec", "template", "spec"], runs: "for long" },
  "apps/Deployment": { path: ["spec", "template", "spec"], runs: "for long" },
  "apps/StatefulSet": { path: ["spec", "template", "spec"], runs: "for long" },
  "apps/DaemonSet": { path: ["spec", "template", "spec"], runs: "for long" },
  "apps/ReplicaSet": { path: ["spec", "template", "spec"], runs: "for long" },
  "extensions/Deployment": { path: ["spec", "template", "spec"], runs: "for long" },
  "extensions/DaemonSet": { path: ["spec", "template", "spec"], runs: "for long" },
  "extensions/ReplicaSet": { path: ["spec", "template", "spec"], runs: "for long" },
  "batch/Job": { path: ["spec", "template", "spec"], runs: "to completion" },
  "batch/CronJob": { path: ["spec", "jobTemplate", "spec", "template", "spec"], runs: "to completion" },
  // Custom resources whose pod template is a complete one:
  "argoproj.io/Rollout": { path: ["spec", "template", "spec"], runs: "for long" },
  "serving.knative.dev/Service": { path: ["spec", "template", "spec"], runs: "for long" },
};

/** The groups and kinds that {@link podSpecOf} knows, as `apps/Deployment`; `/Pod` for the core group. */
export const podBearingKinds: readonly string[] = Object.keys(podBearing);

/** The pod spec of an object; undefined for a kind that makes no pods. */
export function podSpecOf(object: KubernetesObject): PodSpec | undefined {
  const known = podBearing[`${groupOf(object)}/${object.kind}`];
  if (!known) return undefined;
  const field = object.body.at(...known.path);
  if (known.runs !== "as its restartPolicy says") return { field, longRunning: known.runs === "for long" };
  return {
    field,
    longRunning: not(field.at("restartPolicy").is((policy) => policy === "Never" || policy === "OnFailure")),
  };
}
