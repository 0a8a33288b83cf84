import { broken, eachInStack } from "../judge.ts";
import { budgetsOf, scaleOf, servingKinds } from "../kubernetes/scaling.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const pdbExists: Rule = {
  id: "pdb-exists",
  title: "Whatever has several pods keeps some of them through disruptions",
  severity: "high",
  levels: advisoryFrom("staging"),
  what: "Each Deployment and StatefulSet with more than one replica, or an autoscaler whose least is more than one, is matched by a PodDisruptionBudget.",
  why: "Draining nodes, as every upgrade of a cluster does, may take all pods at once.",
  remedy:
    "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: web\nspec:\n  maxUnavailable: 1\n  unhealthyPodEvictionPolicy: AlwaysAllow\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: web",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    "kube-score deployment-has-poddisruptionbudget",
    "Polaris missingPodDisruptionBudget",
    "Kyverno require-pdb",
  ],
  ...eachInStack(servingKinds, function* (object, { stack }) {
    if (scaleOf(object, stack).lowest > 1 && budgetsOf(object, stack).length === 0)
      yield broken(object.body.at("spec", "template", "metadata", "labels"), "match no PodDisruptionBudget");
  }),
};
