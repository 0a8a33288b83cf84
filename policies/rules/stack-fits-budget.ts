import { broken, each, eachInStack, findings } from "../judge.ts";
import { groupKind, type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import { nanosOf } from "../kubernetes/quantity.ts";
import { podRequest, type Resource, resources } from "../kubernetes/resources.ts";
import { replicatedKinds, scaleOf, share } from "../kubernetes/scaling.ts";
import type { PodMaker, Stack } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const stackFitsBudget: Rule = {
  id: "stack-fits-budget",
  title: "Everything has room at its largest",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "In each namespace with a ResourceQuota, what all workloads request of CPU and memory, with as many pods as their autoscalers allow and those that an update adds, is at most what the quota grants. With a configured capacity, so is the sum of all namespaces.",
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
        if (demandOf(stack.podMakers, stack, resource) > capacity)
          yield broken(largest.object.body, `and all others together request more ${resource} than the cluster has`);
      });
    }),
  ],
};

const inQuotas = eachInStack(["/ResourceQuota"], function* (quota, { stack }) {
  const namespace = namespaceOf(quota);
  const inside = stack.podMakers.filter(({ object }) => namespaceOf(object) === namespace);
  for (const resource of resources) {
    const hard = quota.body.at("spec", "hard");
    const field = hard.at(`requests.${resource}`).set ? hard.at(`requests.${resource}`) : hard.at(resource);
    yield* each([field], function* () {
      const granted = nanosOf(field.value);
      if (granted !== undefined && demandOf(inside, stack, resource) > granted)
        yield broken(field, "is less than the workloads of the namespace request at their largest");
    });
  }
});

/** What workloads request at their largest, in nanos: with all pods that autoscalers and updates may add. */
function demandOf(makers: readonly PodMaker[], stack: Stack, resource: Resource): bigint {
  return makers.reduce(
    (sum, { object, pod }) => sum + podRequest(pod, resource) * BigInt(podsAtMost(object, stack)),
    0n,
  );
}

function podsAtMost(object: KubernetesObject, stack: Stack): number {
  const spec = object.body.at("spec");
  if (object.kind === "Job") return spec.at("parallelism").number ?? 1;
  if (object.kind === "PodTemplate" || spec.at("suspend").value === true) return 0;
  if (!replicatedKinds.includes(groupKind(object))) return 1;
  const { highest } = scaleOf(object, stack);
  if (object.kind !== "Deployment" || spec.at("strategy", "type").value === "Recreate") return highest;
  return highest + (share(spec.at("strategy", "rollingUpdate", "maxSurge").value ?? "25%", highest) ?? 0);
}
