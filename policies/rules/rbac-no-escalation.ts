import { broken, eachRule } from "../judge.ts";
import { grants } from "../kubernetes/rbac.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const group = "rbac.authorization.k8s.io";
/** Verbs that stand for nothing else, whatever resource they are written beside. */
const giving = ["bind", "escalate", "impersonate"];
const rights = [
  { group, resources: ["roles", "clusterroles"], verbs: ["bind", "escalate"] },
  { group, resources: ["rolebindings", "clusterrolebindings"], verbs: ["create"] },
  { group: "", resources: ["users", "groups", "serviceaccounts"], verbs: ["impersonate"] },
];

export const rbacNoEscalation: Rule = {
  id: "rbac-no-escalation",
  title: "No role can give itself more rights",
  severity: "critical",
  levels: mandatoryFrom("staging"),
  what: "No rule grants `bind` or `escalate` on roles, `impersonate`, or to create RoleBindings and ClusterRoleBindings, also by wildcard.",
  why: "Whoever may give rights has them all.",
  remedy:
    "Remove the verb or the resource from the rule; an operator that must bind roles can be held to `resourceNames`.",
  sources: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "Checkov CKV_K8S_157, CKV_K8S_158, CKV2_K8S_1, CKV2_K8S_3",
    "Trivy KSV-0043, 0050, 0051, 0052",
    "Kubescape C-0065",
  ],
  ...eachRule(function* (rule, place) {
    if (
      rule.at("resourceNames").strings.length > 0 &&
      !rule.at("verbs").strings.some((verb) => verb === "create" || verb === "*")
    )
      return;
    const named = rule.at("verbs").strings.some((verb) => giving.includes(verb));
    if (named || rights.some((right) => grants(rule, right))) yield broken(place, "can give rights");
  }),
};
