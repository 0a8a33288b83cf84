import type { Field } from "./field.ts";
import { groupKind, type KubernetesObject } from "./object.ts";
import { not, type Truth } from "./truth.ts";

/** The part of an object that pods are made of. */
export interface PodSpec {
  readonly field: Field;
  /** The metadata that its pods get: of the template, or of the Pod itself. */
  readonly metadata: Field;
  /** Whether its pods run until they are told to stop, not until their work is done. */
  readonly longRunning: Truth;
}

type Runs = "for long" | "to completion" | "as its restartPolicy says";

const template = ["spec", "template"];

/** Every kind that makes pods by a pod template: its group and kind, where the template is, how long its pods run. */
const podBearing: Readonly<Record<string, { readonly template: readonly string[]; readonly runs: Runs }>> = {
  "/Pod": { template: [], runs: "as its restartPolicy says" },
  "/PodTemplate": { template: ["template"], runs: "as its restartPolicy says" },
  "/ReplicationController": { template, runs: "for long" },
  "apps/Deployment": { template, runs: "for long" },
  "apps/StatefulSet": { template, runs: "for long" },
  "apps/DaemonSet": { template, runs: "for long" },
  "apps/ReplicaSet": { template, runs: "for long" },
  "extensions/Deployment": { template, runs: "for long" },
  "extensions/DaemonSet": { template, runs: "for long" },
  "extensions/ReplicaSet": { template, runs: "for long" },
  "batch/Job": { template, runs: "to completion" },
  "batch/CronJob": { template: ["spec", "jobTemplate", "spec", "template"], runs: "to completion" },
  // Custom resources whose pod template is a complete one:
  "argoproj.io/Rollout": { template, runs: "for long" },
  "apps.openshift.io/DeploymentConfig": { template, runs: "for long" },
  "apps.kruise.io/CloneSet": { template, runs: "for long" },
  "apps.kruise.io/DaemonSet": { template, runs: "for long" },
  "apps.kruise.io/StatefulSet": { template, runs: "for long" },
  "keda.sh/ScaledJob": { template: ["spec", "jobTargetRef", "template"], runs: "to completion" },
  "serving.knative.dev/Configuration": { template, runs: "for long" },
  "serving.knative.dev/Service": { template, runs: "for long" },
};

/** The groups and kinds that {@link podSpecOf} knows, as `apps/Deployment`; `/Pod` for the core group. */
export const podBearingKinds: readonly string[] = Object.keys(podBearing);

/** The pod spec of an object; undefined for a kind that makes no pods. */
export function podSpecOf(object: KubernetesObject): PodSpec | undefined {
  const known = podBearing[groupKind(object)];
  if (!known) return undefined;
  const around = object.body.at(...known.template);
  const field = around.at("spec");
  return {
    field,
    metadata: around.at("metadata"),
    longRunning:
      known.runs === "as its restartPolicy says"
        ? not(field.at("restartPolicy").is((policy) => policy === "Never" || policy === "OnFailure"))
        : known.runs === "for long",
  };
}
