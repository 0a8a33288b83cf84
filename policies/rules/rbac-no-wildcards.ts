import { broken, each, eachObject } from "../judge.ts";
import { roleKinds } from "../kubernetes/rbac.ts";
import { someOf } from "../kubernetes/stack.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

const keys = ["apiGroups", "resources", "verbs", "nonResourceURLs"];

export const rbacNoWildcards: Rule = {
  id: "rbac-no-wildcards",
  title: "No role grants everything of a kind by a wildcard",
  severity: "high",
  levels: advisoryFrom("dev"),
  what: "No rule of a Role or ClusterRole has `*` or `*/*` among its `apiGroups`, `resources`, `verbs` or `nonResourceURLs`.",
  why: "A wildcard also grants what the next version brings.",
  remedy: "rules:\n  - apiGroups: [apps]\n    resources: [deployments]\n    verbs: [get, list, watch]",
  sources: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "kube-linter wildcard-in-rules",
    "Kyverno restrict-wildcard-verbs, restrict-wildcard-resources",
    "Checkov CKV_K8S_49",
    "Trivy KSV-0044, 0045, 0046",
  ],
  ...eachObject(roleKinds, ({ body }) =>
    each(body.at("rules").list, (rule) =>
      each(keys, function* (key) {
        if (someOf(rule.at(key).list, ({ value }) => value === "*" || value === "*/*").length > 0)
          yield broken(rule.at(key), "has a wildcard");
      }),
    ),
  ),
};
