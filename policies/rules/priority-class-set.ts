import { broken, eachPod } from "../judge.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const priorityClassSet: Rule = {
  id: "priority-class-set",
  title: "Every pod says how important it is",
  severity: "low",
  levels: advisoryFrom("staging"),
  what: "`priorityClassName` of each pod is set.",
  why: "When there is room for some only, those without a priority are the first to go, whatever they do.",
  remedy: "priorityClassName: standard",
  sources: [
    "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
    "kube-linter priority-class-name",
    "Polaris priorityClassNotSet",
    "Kyverno require-pod-priorityclassname",
  ],
  ...eachPod(function* ({ field }) {
    if (!field.at("priorityClassName").value) yield broken(field.at("priorityClassName"), "is not set");
  }),
};
