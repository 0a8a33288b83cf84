import { broken, each, eachInStack } from "../judge.ts";
import { groupKind } from "../kubernetes/object.ts";
import { bindingKinds, boundRole, grants, roleKinds, rulesOf } from "../kubernetes/rbac.ts";
import { someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const entering = { group: "", resources: ["pods/exec", "pods/attach", "pods/portforward"], verbs: ["create", "get"] };

export const rbacNoPodExec: Rule = {
  id: "rbac-no-pod-exec",
  title: "No role can step into running pods",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "No rule grants `create` or `get` on `pods/exec`, `pods/attach` or `pods/portforward`, also by wildcard, and no binding gives a role of the stack that does.",
  why: "Whoever can run a command in a pod has the pod's Secrets and its way through the network.",
  remedy: "Remove the resource from the rule; for a look inside, grant it to a person for a time.",
  sources: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "Polaris rolebindingRolePodExecAttach",
    "Checkov CKV2_K8S_2",
    "Trivy KSV-0053, 0054",
    "Kubescape C-0002, C-0063",
  ],
  ...eachInStack([...roleKinds, ...bindingKinds], function* (object, { stack }) {
    if (roleKinds.includes(groupKind(object))) {
      yield* each(rulesOf(object, stack), function* (rule) {
        if (grants(rule, entering)) yield broken(rule.at("resources"), "lets in to running pods");
      });
      return;
    }
    const role = boundRole(object, stack);
    if (role && someOf(rulesOf(role, stack), (rule) => grants(rule, entering)).length > 0)
      yield broken(object.body.at("roleRef", "name"), "is a role that lets in to running pods");
  }),
};
