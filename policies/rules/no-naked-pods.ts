import { broken, eachObject } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noNakedPods: Rule = {
  id: "no-naked-pods",
  title: "Every pod belongs to something that brings it back",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "There is no Pod without an owner, but for those that Helm starts as hooks, such as a chart's test, and takes away again.",
  why: "When its node goes, it is gone.",
  remedy: "Write a Deployment, a StatefulSet or a Job in its place.",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/overview/#naked-pods-vs-replicasets-deployments-and-jobs",
    "Kyverno require-controller",
    "Kubescape C-0073",
    "pulumi compliance",
  ],
  ...eachObject(["/Pod"], function* ({ body }) {
    if (body.at("metadata", "annotations", "helm.sh/hook").set) return;
    if (body.at("metadata", "ownerReferences").list.length === 0)
      yield broken(body.at("metadata", "ownerReferences"), "is empty: nothing brings the pod back");
  }),
};
