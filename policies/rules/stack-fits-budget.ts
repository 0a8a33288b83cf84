import { broken, each, eachInStack, findings } from "../judge.ts";
import type { Field } from "../kubernetes/field.ts";
import { groupKind, type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import type { PodSpec } from "../kubernetes/pod-spec.ts";
import { nanosOf } from "../kubernetes/quantity.ts";
import { podAmount, type Resource, resources } from "../kubernetes/resources.ts";
import { replicatedKinds, scaleOf, share } from "../kubernetes/scaling.ts";
import type { PodMaker, Stack } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const stackFitsBudget: Rule = {
  id: "stack-fits-budget",
  title: "Everything has room at its largest",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "In each namespace with a ResourceQuota, what all workloads request of CPU and memory, may use of them and make of pods, with as many pods as their autoscalers allow and those that an update adds, is at most what the quota grants. With a configured capacity, so is the sum of all namespaces.",
  why: "An autoscaler or an update that meets the quota stops in the middle, and it does so on the busiest day.",
  remedy: "Raise the quota, or lower requests or the autoscaler's maximum.",
  sources: ["https://kubernetes.io/docs/concepts/policy/resource-quotas/"],
  options: {
    cpu: {
      type: "string",
      description: "The CPU that the cluster has for the stack; empty for no limit.",
      default: "",
    },
    memory: {
      type: "string",
      description: "The memory that the cluster has for the stack; empty for no limit.",
      default: "",
    },
  },
  sees: "stack",
  judge: (stack, options, facts) => [
    ...inQuotas.judge(stack, options, facts),
    ...resources.flatMap((resource) => {
      const capacity = nanosOf(options[resource]);
      const [largest] = stack.podMakers;
      if (capacity === undefined || !largest) return [];
      return findings(largest.object, function* () {
        if (demandOf(stack.podMakers, stack, requestOf(resource)) > capacity)
          yield broken(largest.object.body, `and all others together request more ${resource} than the cluster has`);
      });
    }),
  ],
};

/** What a quota grants, what a pod takes of it, and a word for that. */
type Grant = readonly [field: Field | undefined, amount: (pod: PodSpec) => bigint, verb: string];

const inQuotas = eachInStack(["/ResourceQuota"], function* (quota, { stack }) {
  const namespace = namespaceOf(quota);
  const inside = stack.podMakers.filter(({ object }) => namespaceOf(object) === namespace);
  const hard = quota.body.at("spec", "hard");
  const first = (...keys: string[]) => keys.map((key) => hard.at(key)).find((field) => field.present !== false);
  const granted: readonly Grant[] = [
    ...resources.flatMap((resource): Grant[] => [
      [first(`requests.${resource}`, resource), requestOf(resource), "request"],
      [first(`limits.${resource}`), (pod) => podAmount(pod, "limits", resource), "may use"],
    ]),
    [first("pods", "count/pods"), () => 1_000_000_000n, "make"],
  ];
  yield* each(granted, function* ([field, amount, verb]) {
    const most = nanosOf(field?.value);
    if (field && most !== undefined && demandOf(inside, stack, amount) > most)
      yield broken(field, `is less than the workloads of the namespace ${verb} at their largest`);
  });
});

function requestOf(resource: Resource): (pod: PodSpec) => bigint {
  return (pod) => podAmount(pod, "requests", resource);
}

/** What workloads need at their largest, in nanos: with all pods that autoscalers and updates may add. */
function demandOf(makers: readonly PodMaker[], stack: Stack, amount: (pod: PodSpec) => bigint): bigint {
  return makers.reduce((sum, { object, pod }) => sum + amount(pod) * BigInt(podsAtMost(object, stack)), 0n);
}

function podsAtMost(object: KubernetesObject, stack: Stack): number {
  const spec = object.body.at("spec");
  if (object.kind === "PodTemplate" || spec.at("suspend").value === true) return 0;
  if (object.kind === "Job") return spec.at("parallelism").number ?? 1;
  if (object.kind === "CronJob") return spec.at("jobTemplate", "spec", "parallelism").number ?? 1;
  if (!replicatedKinds.includes(groupKind(object))) return 1;
  const { highest } = scaleOf(object, stack);
  if (object.kind !== "Deployment" || spec.at("strategy", "type").value === "Recreate") return highest;
  return highest + (share(spec.at("strategy", "rollingUpdate", "maxSurge").value ?? "25%", highest) ?? 0);
}
