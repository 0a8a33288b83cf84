import { broken, eachInStack } from "../judge.ts";
import { bindingKinds, boundRole, grantsEverything, rulesOf } from "../kubernetes/rbac.ts";
import { someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const rbacNoClusterAdmin: Rule = {
  id: "rbac-no-cluster-admin",
  title: "Nobody is made an administrator of everything",
  severity: "critical",
  levels: mandatoryFrom("staging"),
  what: "No RoleBinding or ClusterRoleBinding gives `cluster-admin`, or a role of the stack that has every verb on everything.",
  why: "Whoever gets hold of such an account owns the cluster.",
  remedy: "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: view",
  sources: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "kube-linter cluster-admin-role-binding",
    "Polaris clusterrolebindingClusterAdmin",
    "Trivy KSV-0111",
    "Kubescape C-0035",
  ],
  ...eachInStack(bindingKinds, function* (binding, { stack }) {
    const name = binding.body.at("roleRef", "name");
    if (name.value === "cluster-admin" && binding.body.at("roleRef", "kind").value !== "Role")
      yield broken(name, "is cluster-admin");
    else {
      const role = boundRole(binding, stack);
      if (role && someOf(rulesOf(role, stack), grantsEverything).length > 0)
        yield broken(name, "is a role that has every verb on everything");
    }
  }),
};
