import { broken, eachInStack } from "../judge.ts";
import { autoscalersOf, servingKinds } from "../kubernetes/scaling.ts";
import { isServed } from "../kubernetes/services.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const minReplicas: Rule = {
  id: "min-replicas",
  title: "Everything that serves has a second pod",
  severity: "high",
  levels: advisoryFrom("staging"),
  what: "Each Deployment and StatefulSet whose pods a Service selects has at least the configured number of replicas, or an autoscaler.",
  why: "With one pod every restart, drain and crash is an outage.",
  remedy: "spec:\n  replicas: 2",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
    "kube-linter minimum-three-replicas",
    "kube-score deployment-replicas",
    "Polaris deploymentMissingReplicas",
    "Kyverno require-multiple-replicas",
    "pulumi compliance",
  ],
  options: {
    minimum: { type: "integer", description: "How many there must be.", default: 2 },
  },
  ...eachInStack(servingKinds, function* (object, { stack, options }) {
    const replicas = object.body.at("spec", "replicas");
    if (
      (replicas.number ?? 1) >= Number(options.minimum) ||
      !isServed(object, stack) ||
      autoscalersOf(object, stack).length > 0
    )
      return;
    yield broken(replicas, replicas.set ? `is below ${options.minimum}` : "is not set, which means one");
  }),
};
