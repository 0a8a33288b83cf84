import { broken, each, eachPod } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noPodBackdoors: Rule = {
  id: "no-pod-backdoors",
  title: "No pod has what only debugging needs",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "`ephemeralContainers` and `hostAliases` are absent or empty, `shareProcessNamespace` absent or false.",
  why: "Ephemeral containers come in by hand and stay; a shared process namespace shows every container the secrets of the others; host aliases send traffic past DNS.",
  remedy: "shareProcessNamespace: false\nhostAliases: []",
  sources: [
    "Kyverno restrict-ephemeral-containers",
    "Trivy KSV-0007",
    "https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/",
  ],
  ...eachPod(function* ({ field }) {
    yield* each(["ephemeralContainers", "hostAliases"], function* (key) {
      if (field.at(key).list.length > 0) yield broken(field.at(key), "is not empty", `Remove ${key}.`);
    });
    const shared = field.at("shareProcessNamespace");
    if (shared.value === true) yield broken(shared, "is true");
  }),
};
