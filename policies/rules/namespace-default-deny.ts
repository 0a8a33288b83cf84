import { broken, each, eachPodInStack } from "../judge.ts";
import { isolationsOf } from "../kubernetes/isolation.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const directions = [
  ["Ingress", "ingress"],
  ["Egress", "egress"],
] as const;

export const namespaceDefaultDeny: Rule = {
  id: "namespace-default-deny",
  title: "Every namespace with workloads denies by default",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "In each namespace with workloads, NetworkPolicies without rules whose `podSelector` is empty govern ingress and egress, or CiliumNetworkPolicies whose `endpointSelector` is empty and which allow nothing.",
  why: "Without it the next workload that somebody forgets to write a policy for is open to all.",
  remedy:
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: default-deny\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    "Kyverno add-networkpolicy",
    "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
    "Kubescape C-0049, C-0054",
  ],
  ...eachPodInStack(function* (_, { object, stack }) {
    const namespace = namespaceOf(object);
    // Told once for each namespace, at its first workload.
    if (stack.podMakers.find((maker) => maker.object.namespace === object.namespace)?.object !== object) return;
    yield* each(directions, function* ([direction, key]) {
      const denying = someOf(isolationsOf(stack), (policy) => policy.deniesAll(namespace, direction));
      if (denying.length === 0)
        yield broken(
          object.body.at("metadata", "namespace"),
          `is a namespace without a NetworkPolicy that denies all ${key}`,
        );
    });
  }),
};
