import { broken, eachRule } from "../judge.ts";
import { grants } from "../kubernetes/rbac.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

const starting = [
  { group: "", resources: ["pods", "replicationcontrollers"], verbs: ["create"] },
  { group: "apps", resources: ["deployments", "statefulsets", "daemonsets", "replicasets"], verbs: ["create"] },
  { group: "batch", resources: ["jobs", "cronjobs"], verbs: ["create"] },
];

export const rbacNoPodCreate: Rule = {
  id: "rbac-no-pod-create",
  title: "No role can start pods",
  severity: "medium",
  levels: advisoryFrom("dev"),
  what: "No rule grants `create` on pods or on a kind that makes them, also by wildcard.",
  why: "Whoever can start a pod can mount every Secret of its namespace and run as every ServiceAccount in it.",
  remedy: "Remove `create`, or give it in a namespace that holds nothing else.",
  sources: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "kube-linter access-to-create-pods",
    "Trivy KSV-0048",
    "Kubescape C-0188",
  ],
  ...eachRule(function* (rule, place) {
    if (starting.some((right) => grants(rule, right))) yield broken(place, "can start pods");
  }),
};
