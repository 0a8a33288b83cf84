import { broken, eachInStack } from "../judge.ts";
import { referred } from "../kubernetes/scaling.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const vpaTargetExists: Rule = {
  id: "vpa-target-exists",
  title: "Every vertical autoscaler is about something that exists",
  severity: "low",
  levels: mandatoryFrom("staging"),
  what: "`targetRef` of each VerticalPodAutoscaler names an object of the stack by group, kind and name, in its namespace.",
  why: "It would recommend nothing, for ever.",
  remedy: "targetRef:\n  apiVersion: apps/v1\n  kind: Deployment\n  name: web",
  sources: [
    "https://github.com/kubernetes/autoscaler/tree/master/vertical-pod-autoscaler",
    "Kyverno check-vpa-configuration",
  ],
  ...eachInStack(["autoscaling.k8s.io/VerticalPodAutoscaler"], function* (autoscaler, { stack }) {
    const target = autoscaler.body.at("spec", "targetRef");
    if (!referred(target, autoscaler, stack)) yield broken(target, "names nothing that exists");
  }),
};
