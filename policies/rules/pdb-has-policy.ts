import { broken, eachInStack } from "../judge.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { budgetKind, budgetSelects } from "../kubernetes/scaling.ts";
import { someOf } from "../kubernetes/stack.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const pdbHasPolicy: Rule = {
  id: "pdb-has-policy",
  title: "Every disruption budget says one thing about pods that are there",
  severity: "medium",
  levels: advisoryFrom("dev"),
  what: "Each PodDisruptionBudget has either `minAvailable` or `maxUnavailable`, `unhealthyPodEvictionPolicy: AlwaysAllow`, and pods of the stack that it selects and no other budget does.",
  why: "Pods that are broken already should not stop a drain, and of two budgets for one pod the eviction fails.",
  remedy: "spec:\n  maxUnavailable: 1\n  unhealthyPodEvictionPolicy: AlwaysAllow",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    "kube-linter pdb-unhealthy-pod-eviction-policy",
    "kube-score poddisruptionbudget-has-policy",
  ],
  ...eachInStack([budgetKind], function* (budget, { stack }) {
    const spec = budget.body.at("spec");
    if (spec.at("minAvailable").set === spec.at("maxUnavailable").set)
      yield broken(spec, "has not exactly one of minAvailable and maxUnavailable");
    const policy = spec.at("unhealthyPodEvictionPolicy");
    if (policy.value !== "AlwaysAllow") yield broken(policy, "is not AlwaysAllow");
    const pods = stack.podsMatching(namespaceOf(budget), (labels) => budgetSelects(budget, labels));
    if (pods.length === 0) yield broken(spec.at("selector"), "matches no pods");
    const budgets = stack.ofKind(budgetKind);
    const before = budgets.slice(0, budgets.indexOf(budget));
    const [other] = someOf(
      before,
      (one) => namespaceOf(one) === namespaceOf(budget) && pods.some((group) => budgetSelects(one, group.labels())),
    );
    if (other) yield broken(spec.at("selector"), `matches pods that PodDisruptionBudget ${other.name} does too`);
  }),
};
