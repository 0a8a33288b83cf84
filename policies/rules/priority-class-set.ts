import { broken, eachPodInStack } from "../judge.ts";
import { advisoryFrom, listOf, type Rule } from "../rule.ts";

/** The classes that every cluster has. */
const ofKubernetes = /^system-(cluster|node)-critical$/;

export const priorityClassSet: Rule = {
  id: "priority-class-set",
  title: "Every pod says how important it is",
  severity: "low",
  levels: advisoryFrom("staging"),
  what: "`priorityClassName` of each pod is set, and is a class of the stack, one of Kubernetes' own, or one of the configured names.",
  why: "When there is room for some only, those without a priority are the first to go, whatever they do.",
  remedy: "priorityClassName: standard",
  sources: [
    "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
    "kube-linter priority-class-name",
    "Polaris priorityClassNotSet",
    "Kyverno require-pod-priorityclassname",
  ],
  options: {
    known: { type: "array", items: { type: "string" }, description: "Classes that the cluster has.", default: [] },
  },
  ...eachPodInStack(function* ({ field }, { stack, options }) {
    const name = field.at("priorityClassName");
    const text = name.string;
    if (!text) yield broken(name, "is not set");
    else if (
      !ofKubernetes.test(text) &&
      !listOf(options.known).includes(text) &&
      !stack.find("scheduling.k8s.io/PriorityClass", undefined, text)
    )
      yield broken(name, "is a class that nobody knows");
  }),
};
