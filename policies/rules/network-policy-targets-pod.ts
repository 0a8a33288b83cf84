import { broken, each, eachInStack } from "../judge.ts";
import type { Field } from "../kubernetes/field.ts";
import { networkPolicyKind } from "../kubernetes/network-policy.ts";
import { type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import { isEmptySelector, selects } from "../kubernetes/selector.ts";
import type { Stack } from "../kubernetes/stack.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const networkPolicyTargetsPod: Rule = {
  id: "network-policy-targets-pod",
  title: "Every network policy selects something",
  severity: "medium",
  levels: advisoryFrom("dev"),
  what: "The `podSelector` of each NetworkPolicy, and each peer's `podSelector` in namespaces of the stack, match pods that the stack declares. Empty selectors, policies of a Pulumi program in namespaces that it makes no pods in, peers in namespaces outside of the stack, and the solvers that cert-manager makes in passing are left out.",
  why: "A policy with a misspelled label protects nothing and lets nothing pass, and nobody is told.",
  remedy: "podSelector:\n  matchLabels:\n    app.kubernetes.io/name: web",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    "kube-linter dangling-networkpolicy, dangling-networkpolicypeer-podselector",
    "kube-score networkpolicy-targets-pod",
  ],
  ...eachInStack([networkPolicyKind], function* (policy, { stack }) {
    const spec = policy.body.at("spec");
    const own = spec.at("podSelector");
    yield* each([own], function* () {
      const isAnothers = policy.resource && !stack.pods.some((pods) => pods.namespace() === namespaceOf(policy));
      if (
        !isAnothers &&
        !isEmptySelector(own) &&
        !isForPassing(own) &&
        stack.podsMatching(namespaceOf(policy), (labels) => selects(own, labels)).length === 0
      )
        yield broken(own, "matches no pods");
    });
    const peers = [
      ...spec.at("ingress").list.flatMap((rule) => rule.at("from").list),
      ...spec.at("egress").list.flatMap((rule) => rule.at("to").list),
    ];
    yield* each(peers, function* (peer) {
      const selector = peer.at("podSelector");
      if (!selector.set || isEmptySelector(selector) || isForPassing(selector)) return;
      const namespaces = namespacesOf(peer, policy, stack);
      if (
        namespaces.length > 0 &&
        !namespaces.some((namespace) => stack.podsMatching(namespace, (labels) => selects(selector, labels)).length > 0)
      )
        yield broken(selector, "matches no pods");
    });
  }),
};

/** Whether a selector is for pods that cert-manager makes for the minutes in which it proves a name. */
function isForPassing(selector: Field): boolean {
  return selector.at("matchLabels").entries.some(([key]) => key === "acme.cert-manager.io/http01-solver");
}

/** The namespaces of a peer, as far as the stack has workloads in them. */
function namespacesOf(peer: Field, policy: KubernetesObject, stack: Stack): string[] {
  const selector = peer.at("namespaceSelector");
  if (!selector.set) return [namespaceOf(policy)];
  const inhabited = [...new Set(stack.pods.map((pods) => pods.namespace()))];
  return inhabited.filter((name) => {
    const labels = stack.find("/Namespace", undefined, name)?.body.at("metadata", "labels").texts ?? {};
    return selects(selector, { "kubernetes.io/metadata.name": name, ...labels });
  });
}
