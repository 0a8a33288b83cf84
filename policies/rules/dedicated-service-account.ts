import { broken, eachPod } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const dedicatedServiceAccount: Rule = {
  id: "dedicated-service-account",
  title: "Every pod has a ServiceAccount of its own",
  severity: "medium",
  levels: mandatoryFrom("prod"),
  what: "`serviceAccountName` is set and not `default`, and its deprecated alias `serviceAccount` is not used.",
  why: "All pods that share `default` share what anybody ever grants it.",
  remedy: "serviceAccountName: web",
  sources: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    "kube-linter default-service-account, deprecated-service-account-field",
    "Checkov CKV_K8S_41, 42",
    "Kubescape C-0034",
  ],
  ...eachPod(function* ({ field }) {
    const name = field.at("serviceAccountName");
    const alias = field.at("serviceAccount");
    if (!name.value || name.value === "default") yield broken(name, name.value ? "is default" : "is not set");
    if (alias.value) yield broken(alias, "is deprecated", "Write serviceAccountName in its place.");
  }),
};
