import { broken, eachInStack } from "../judge.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { budgetKind, budgetSelects, replicatedKinds, scaleOf, share } from "../kubernetes/scaling.ts";
import { someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const pdbNotBlocking: Rule = {
  id: "pdb-not-blocking",
  title: "Every disruption budget lets at least one pod go",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "With as many pods as there are at least (the autoscaler's least, else the replicas), each PodDisruptionBudget allows one disruption. Percentages round up, as in Kubernetes. `maxUnavailable` of 0 and `minAvailable` of 100% allow none however many there are; else workloads of no pods are left out.",
  why: "A budget that allows none stops every drain: nodes can no longer be upgraded or removed.",
  remedy: "spec:\n  maxUnavailable: 1",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    "kube-linter pdb-max-unavailable, pdb-min-available",
    "Polaris pdbDisruptionsIsZero",
    "Kyverno pdb-minavailable",
    "Gatekeeper K8sPodDisruptionBudget",
  ],
  ...eachInStack([budgetKind], function* (budget, { stack }) {
    const spec = budget.body.at("spec");
    const [most, least] = [spec.at("maxUnavailable"), spec.at("minAvailable")];
    const workloads = replicatedKinds.flatMap((kind) => stack.ofKind(kind));
    const selected = someOf(
      workloads,
      (object) =>
        namespaceOf(object) === namespaceOf(budget) &&
        budgetSelects(budget, object.body.at("spec", "template", "metadata", "labels").texts),
    );
    const pods = selected.reduce((sum, object) => sum + scaleOf(object, stack).lowest, 0);
    // However many pods there will be, none of them and all of them stay what they are.
    if (most.set && (share(most.value, pods || 100) ?? 1) <= 0) yield broken(most, "allows no disruption");
    if (pods > 0 || typeof least.value === "string") {
      const kept = least.set ? share(least.value, pods || 100) : undefined;
      if (kept !== undefined && kept >= (pods || 100)) yield broken(least, "allows no disruption");
    }
  }),
};
