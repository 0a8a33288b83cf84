import { broken, eachObject } from "../judge.ts";
import { replicatedKinds } from "../kubernetes/scaling.ts";
import { isEmptySelector, selects, selectsPlainly } from "../kubernetes/selector.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const selectorMatchesTemplate: Rule = {
  id: "selector-matches-template",
  title: "Every workload selects the pods that it makes",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "The `selector` of each Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Rollout and DeploymentConfig is there and matches the labels of its template; that of a Job, which Kubernetes writes by itself, does if it is there.",
  why: "The API server refuses it, but only while deploying.",
  remedy: "selector:\n  matchLabels:\n    app.kubernetes.io/name: web",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
    "kube-linter mismatching-selector",
    "kube-score deployment-pod-selector-labels-match-template-metadata-labels",
  ],
  ...eachObject([...replicatedKinds, "apps/DaemonSet", "batch/Job", "batch/CronJob"], function* ({ body, kind }) {
    const spec = kind === "CronJob" ? body.at("spec", "jobTemplate", "spec") : body.at("spec");
    const selector = spec.at("selector");
    const labels = spec.at("template", "metadata", "labels").texts;
    const isPlain = kind === "ReplicationController" || kind === "DeploymentConfig";
    if (!selector.set) {
      if (!isPlain && kind !== "Job" && kind !== "CronJob") yield broken(selector, "is not set");
    } else if (!isPlain && isEmptySelector(selector)) yield broken(selector, "is empty");
    else if (!(isPlain ? selectsPlainly(selector, labels) : selects(selector, labels)))
      yield broken(selector, "does not match the labels of the template");
  }),
};
