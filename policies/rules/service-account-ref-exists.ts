import { broken, eachPodInStack } from "../judge.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const serviceAccountRefExists: Rule = {
  id: "service-account-ref-exists",
  title: "Every pod's ServiceAccount exists",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "`serviceAccountName` of each pod is a ServiceAccount of the stack in its namespace, or `default`.",
  why: "Without it no pod is made, and only the controller's events say why.",
  remedy: "Create the ServiceAccount in the stack, or correct its name.",
  sources: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    "kube-linter non-existent-service-account",
    "Kubescape C-0253",
  ],
  ...eachPodInStack(function* ({ field }, { object, stack }) {
    const name = field.at("serviceAccountName").set ? field.at("serviceAccountName") : field.at("serviceAccount");
    if (!name.value || name.value === "default") return;
    if (!stack.find("/ServiceAccount", namespaceOf(object), name.string ?? ""))
      yield broken(name, "names a ServiceAccount that does not exist");
  }),
};
