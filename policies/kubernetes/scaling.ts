import type { Field } from "./field.ts";
import { type KubernetesObject, nameIn, namespaceOf } from "./object.ts";
import { type Labels, selects } from "./selector.ts";
import { type Stack, someOf } from "./stack.ts";

export const autoscalerKind = "autoscaling/HorizontalPodAutoscaler";

/** Kinds whose pods are many and alike, by a number of replicas. */
export const replicatedKinds = [
  "apps/Deployment",
  "apps/StatefulSet",
  "apps/ReplicaSet",
  "/ReplicationController",
  "argoproj.io/Rollout",
  "apps.openshift.io/DeploymentConfig",
];
/** Those of them that people write. */
export const servingKinds = [
  "apps/Deployment",
  "apps/StatefulSet",
  "argoproj.io/Rollout",
  "apps.openshift.io/DeploymentConfig",
];

/**
 * The object that a reference (`scaleTargetRef`, `targetRef`) names.
 * @throws NotKnown
 */
export function referred(ref: Field, from: KubernetesObject, stack: Stack): KubernetesObject | undefined {
  const version = ref.at("apiVersion").string ?? "";
  const group = version.includes("/") ? version.split("/")[0] : "";
  return stack.find(`${group}/${ref.at("kind").string}`, namespaceOf(from), ref.at("name").string ?? "");
}

/** KEDA's autoscaler, of which it makes a HorizontalPodAutoscaler. */
const scaledObjectKind = "keda.sh/ScaledObject";

/**
 * The autoscalers of an object, KEDA's included.
 * @throws NotKnown if there is none, but may be
 */
export function autoscalersOf(object: KubernetesObject, stack: Stack): KubernetesObject[] {
  return someOf([...stack.ofKind(autoscalerKind), ...stack.ofKind(scaledObjectKind)], (autoscaler) => {
    const target = autoscaler.body.at("spec", "scaleTargetRef");
    const kind = target.at("kind").string ?? (autoscaler.kind === "ScaledObject" ? "Deployment" : undefined);
    return (
      kind === object.kind &&
      target.at("name").string === nameIn(object) &&
      namespaceOf(autoscaler) === namespaceOf(object)
    );
  });
}

/** How many pods an object has at least and at most. */
export interface Scale {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * How many pods an object has: what its autoscaler says, else its replicas, else one.
 * @throws NotKnown
 */
export function scaleOf(object: KubernetesObject, stack: Stack): Scale {
  const [autoscaler] = autoscalersOf(object, stack);
  if (autoscaler) {
    const spec = autoscaler.body.at("spec");
    if (autoscaler.kind === "ScaledObject")
      return {
        lowest: spec.at("minReplicaCount").number ?? 0,
        highest: spec.at("maxReplicaCount").number ?? 100,
      };
    const lowest = spec.at("minReplicas").number ?? 1;
    return { lowest, highest: spec.at("maxReplicas").number ?? lowest };
  }
  const replicas = object.body.at("spec", "replicas").number ?? 1;
  return { lowest: replicas, highest: replicas };
}

/** How many of a number are meant by a number or a percentage, which rounds up; undefined if it is neither. */
export function share(value: unknown, of: number): number | undefined {
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(String(value))?.[1];
  return percent === undefined ? undefined : Math.ceil((Number(percent) * of) / 100);
}

export const budgetKind = "policy/PodDisruptionBudget";

/**
 * The disruption budgets for the pods of an object.
 * @throws NotKnown if there is none, but may be
 */
export function budgetsOf(object: KubernetesObject, stack: Stack): KubernetesObject[] {
  const group = stack.podsOf(object);
  if (!group) return [];
  return someOf(
    stack.ofKind(budgetKind),
    (budget) => namespaceOf(budget) === group.namespace() && budgetSelects(budget, group.labels()),
  );
}

/**
 * Whether a disruption budget is about pods with the given labels. Without a selector it is about none.
 * @throws NotKnown
 */
export function budgetSelects(budget: KubernetesObject, labels: Labels): boolean {
  const selector = budget.body.at("spec", "selector");
  return selector.set && selects(selector, labels);
}
