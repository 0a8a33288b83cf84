import { broken, eachRule } from "../judge.ts";
import { grants } from "../kubernetes/rbac.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const reading = { group: "", resources: ["secrets"], verbs: ["get", "list", "watch"] };

export const rbacNoSecretRead: Rule = {
  id: "rbac-no-secret-read",
  title: "No role reads Secrets that it does not name",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "No rule of a Role or ClusterRole grants `get`, `list` or `watch` on Secrets without `resourceNames`, also by wildcard or by aggregation of other roles of the stack.",
  why: "Secrets are what everything else is protected by: whoever reads all of a namespace's, is everyone in it.",
  remedy: 'rules:\n  - apiGroups: [""]\n    resources: [secrets]\n    resourceNames: [web]\n    verbs: [get]',
  sources: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "kube-linter access-to-secrets",
    "Checkov CKV2_K8S_5",
    "Trivy KSV-0041, 0113",
    "Kubescape C-0015",
  ],
  ...eachRule(function* (rule, place) {
    if (grants(rule, reading) && rule.at("resourceNames").strings.length === 0)
      yield broken(place, "reads every Secret");
  }),
};
