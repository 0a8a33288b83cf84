import { broken, each, eachInStack } from "../judge.ts";
import { nameIn, namespaceOf, systemNamespaces } from "../kubernetes/object.ts";
import { someOf } from "../kubernetes/stack.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const namespaceQuotaLimitrange: Rule = {
  id: "namespace-quota-limitrange",
  title: "Every namespace has a quota and limits",
  severity: "medium",
  levels: advisoryFrom("staging"),
  what: "Each Namespace of the stack has a ResourceQuota and a LimitRange in it.",
  why: "One namespace that runs wild takes the cluster from all others.",
  remedy:
    'apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: quota\n  namespace: shop\nspec:\n  hard:\n    requests.cpu: "10"\n---\napiVersion: v1\nkind: LimitRange\nmetadata:\n  name: defaults\n  namespace: shop\nspec:\n  limits:\n    - type: Container\n      default:\n        memory: 256Mi',
  sources: [
    "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
    "Kyverno add-ns-quota",
    "Trivy KSV-0039, 0040",
  ],
  ...eachInStack(["/Namespace"], function* (namespace, { stack }) {
    const name = nameIn(namespace);
    if (systemNamespaces.includes(name)) return;
    yield* each(["ResourceQuota", "LimitRange"], function* (kind) {
      const inside = someOf(stack.ofKind(`/${kind}`), (object) => namespaceOf(object) === name);
      if (inside.length === 0) yield broken(namespace.body.at("metadata", "name"), `is a namespace without ${kind}`);
    });
  }),
};
