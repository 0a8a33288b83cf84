import { broken, each, eachInStack } from "../judge.ts";
import { governs, lets, networkPolicyKind } from "../kubernetes/network-policy.ts";
import { type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import { isEmptySelector, selects } from "../kubernetes/selector.ts";
import { type Stack, someOf } from "../kubernetes/stack.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

const directions = [
  ["Ingress", "ingress", "from"],
  ["Egress", "egress", "to"],
] as const;
const everything: readonly unknown[] = ["0.0.0.0/0", "::/0"];

export const networkPolicyNotAllowAll: Rule = {
  id: "network-policy-not-allow-all",
  title: "No network policy lets everything pass, or keeps out DNS",
  severity: "high",
  levels: advisoryFrom("dev"),
  what: "No rule of a NetworkPolicy is empty, no peer is empty or stands for all namespaces on all ports, and no address range is the whole internet (`0.0.0.0/0`, `::/0`) without `except`. Where a policy restricts egress, some policy for the same pods lets port 53 pass.",
  why: "A policy that allows everything only looks like protection, and one that forgets DNS stops everything that has a name.",
  remedy:
    "egress:\n  - to:\n      - namespaceSelector:\n          matchLabels:\n            kubernetes.io/metadata.name: kube-system\n    ports:\n      - protocol: UDP\n        port: 53",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    "Trivy KSV-0038",
    "https://github.com/Shopify/kubeaudit/blob/main/docs/auditors/netpols.md",
  ],
  ...eachInStack([networkPolicyKind], function* (policy, { stack }) {
    const { body } = policy;
    for (const [direction, key, peersKey] of directions) {
      yield* each(body.at("spec", key).list, function* (rule) {
        if (!governs(policy, direction)) return;
        const peers = rule.at(peersKey).list;
        const hasPorts = rule.at("ports").list.length > 0;
        if (peers.length === 0 && !hasPorts) yield broken(rule, "is empty, and so allows everything");
        yield* each(peers, function* (peer) {
          const range = peer.at("ipBlock");
          const namespaces = peer.at("namespaceSelector");
          if (!range.set && !namespaces.set && !peer.at("podSelector").set) yield broken(peer, "is empty");
          else if (everything.includes(range.at("cidr").value) && range.at("except").list.length === 0)
            yield broken(range.at("cidr"), "is every address there is");
          else if (namespaces.set && [namespaces, peer.at("podSelector")].every(isEmptySelector) && !hasPorts)
            yield broken(peer, "is every pod there is");
        });
      });
    }
    yield* each([body.at("spec")], function* (spec) {
      if (spec.at("egress").list.length > 0 && governs(policy, "Egress") && !letsDns(policy, stack))
        yield broken(spec.at("egress"), "lets no DNS pass, nor does another policy for the same pods");
    });
  }),
};

/** Whether a policy, or another one for all or the same pods of its namespace, lets DNS out. */
function letsDns(policy: KubernetesObject, stack: Stack): boolean {
  const own = policy.body.at("spec", "podSelector");
  const namespace = namespaceOf(policy);
  const pods = stack.pods.filter((group) => group.namespace() === namespace && selects(own, group.labels()));
  const letting = someOf(stack.ofKind(networkPolicyKind), (other) => {
    if (
      namespaceOf(other) !== namespace ||
      !other.body.at("spec", "egress").list.some((rule) => lets(rule, 53, /^dns/))
    )
      return false;
    const selector = other.body.at("spec", "podSelector");
    if (other === policy || isEmptySelector(selector)) return true;
    return pods.length > 0 && pods.every((group) => selects(selector, group.labels()));
  });
  return letting.length > 0;
}
