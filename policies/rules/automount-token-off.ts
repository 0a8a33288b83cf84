import { broken, eachPodInStack } from "../judge.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { bindingKinds } from "../kubernetes/rbac.ts";
import { someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const automountTokenOff: Rule = {
  id: "automount-token-off",
  title: "No pod gets a token for the API server that it does not use",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "`automountServiceAccountToken` of each pod, else of its ServiceAccount, is false, unless a RoleBinding or ClusterRoleBinding of the stack gives its ServiceAccount a role.",
  why: "The token is a file in the container: whoever gets in can ask the API server as the pod.",
  remedy: "automountServiceAccountToken: false",
  sources: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    "Polaris automountServiceAccountToken",
    "Kyverno restrict-automount-sa-token",
    "Checkov CKV_K8S_38, 41",
    "Trivy KSV-0036",
    "Kubescape C-0034",
  ],
  ...eachPodInStack(function* ({ field }, { object, stack }) {
    const own = field.at("automountServiceAccountToken");
    if (own.value === false) return;
    const namespace = namespaceOf(object);
    const name = field.at("serviceAccountName").string || field.at("serviceAccount").string || "default";
    if (
      !own.set &&
      stack.find("/ServiceAccount", namespace, name)?.body.at("automountServiceAccountToken").value === false
    )
      return;
    const bindings = someOf(
      bindingKinds.flatMap((kind) => stack.ofKind(kind)),
      (binding) =>
        binding.body
          .at("subjects")
          .list.some(
            (subject) =>
              subject.at("kind").value === "ServiceAccount" &&
              subject.at("name").value === name &&
              (subject.at("namespace").string || namespaceOf(binding)) === namespace,
          ),
    );
    if (bindings.length === 0)
      yield broken(
        own,
        own.set
          ? "is true, although no role is bound to its ServiceAccount"
          : "is not false, nor is that of its ServiceAccount",
      );
  }),
};
