import { broken, each, eachPodInStack } from "../judge.ts";
import { isolationsOf } from "../kubernetes/isolation.ts";
import type { Direction } from "../kubernetes/network-policy.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const directions: readonly Direction[] = ["Ingress", "Egress"];

export const podHasNetworkPolicy: Rule = {
  id: "pod-has-network-policy",
  title: "Every pod's traffic is governed in both directions",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "The pods of each workload are matched by a NetworkPolicy for ingress and by one for egress in their namespace, or by CiliumNetworkPolicies that deny what they do not allow. Pods in the node's own network are left out: no policy reaches them.",
  why: "A pod that no policy selects may talk to everything and be talked to by everything.",
  remedy:
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: default-deny\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    "kube-linter non-isolated-pod",
    "kube-score pod-networkpolicy",
    "Polaris missingNetworkPolicy",
    "Checkov CKV2_K8S_6",
    "Kubescape C-0260",
  ],
  ...eachPodInStack(function* (pod, { object, stack }) {
    if (pod.field.at("hostNetwork").value === true) return;
    yield* each(directions, function* (direction) {
      const labels = pod.metadata.at("labels").texts;
      const namespace = namespaceOf(object);
      const found = someOf(
        isolationsOf(stack),
        (policy) => policy.isAbout(namespace, labels) && policy.governs(direction),
      );
      if (found.length === 0)
        yield broken(pod.metadata.at("labels"), `match no NetworkPolicy for ${direction.toLowerCase()}`);
    });
  }),
};
