import { broken, eachInStack } from "../judge.ts";
import { autoscalerKind, referred } from "../kubernetes/scaling.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const hpaTargetExists: Rule = {
  id: "hpa-target-exists",
  title: "Every autoscaler scales something that exists",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "`scaleTargetRef` of each HorizontalPodAutoscaler names an object of the stack by group, kind and name, in its namespace.",
  why: "An autoscaler without a target does nothing and only says so in its status.",
  remedy: "scaleTargetRef:\n  apiVersion: apps/v1\n  kind: Deployment\n  name: web",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    "kube-linter dangling-horizontalpodautoscaler",
    "kube-score horizontalpodautoscaler-has-target",
  ],
  ...eachInStack([autoscalerKind], function* (autoscaler, { stack }) {
    const target = autoscaler.body.at("spec", "scaleTargetRef");
    if (!referred(target, autoscaler, stack)) yield broken(target, "names nothing that exists");
  }),
};
