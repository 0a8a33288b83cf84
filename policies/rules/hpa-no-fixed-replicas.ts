import { broken, eachInStack } from "../judge.ts";
import { autoscalersOf, servingKinds } from "../kubernetes/scaling.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const hpaNoFixedReplicas: Rule = {
  id: "hpa-no-fixed-replicas",
  title: "What an autoscaler scales has no fixed number of replicas",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "The target of each HorizontalPodAutoscaler has no `replicas`, or Pulumi ignores changes of it.",
  why: "Every deployment sets the number back, and takes pods away when they are needed most.",
  remedy: "Remove spec.replicas: the autoscaler sets it.",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    "kube-score deployment-targeted-by-hpa-does-not-have-replicas-configured",
  ],
  ...eachInStack(servingKinds, function* (object, { stack }) {
    const replicas = object.body.at("spec", "replicas");
    if (!replicas.set || autoscalersOf(object, stack).length === 0) return;
    if (object.resource?.ignoreChanges?.some((path) => path === "spec.replicas" || path === "spec")) return;
    yield broken(replicas, "is set, although an autoscaler sets it");
  }),
};
