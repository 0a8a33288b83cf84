import { broken, each, eachPodInStack } from "../judge.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { rollsWithSettings } from "../kubernetes/pod-traits.ts";
import { referencesOf } from "../kubernetes/references.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

const hashed = /-[0-9a-z]{8,10}$|-[0-9a-f]{5,64}$/;

export const configRolloutTrigger: Rule = {
  id: "config-rollout-trigger",
  title: "A changed setting brings new pods",
  severity: "low",
  levels: advisoryFrom("staging"),
  what: "Each workload that takes a ConfigMap or Secret of the stack into its environment or a volume names it with a hash in its name, or it is immutable, or the pods have an annotation that changes with it (its key speaks of a checksum, hash, config, secret, files or rotation), or one that has a controller restart them.",
  why: "Pods keep the settings that they started with; half of them run with the old ones, until something restarts them.",
  remedy: "metadata:\n  annotations:\n    checksum/config: 7f83b1657ff1fc53",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically",
    "https://github.com/stakater/Reloader",
  ],
  ...eachPodInStack(function* (pod, { object, stack }) {
    if (pod.longRunning !== true || object.kind === "Pod" || object.kind === "PodTemplate") return;
    if (rollsWithSettings(pod, object)) return;
    yield* each(referencesOf(pod), function* ({ kind, name, use }) {
      if (use === "image" || !name.set || hashed.test(name.string ?? "")) return;
      const source = stack.find(kind, namespaceOf(object), name.string ?? "");
      if (source && source.body.at("immutable").value !== true) yield broken(name, "may change without new pods");
    });
  }),
};
