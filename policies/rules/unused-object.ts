import { broken, eachInStack } from "../judge.ts";
import { isMentioned } from "../kubernetes/mentions.ts";
import { type KubernetesObject, nameIn, namespaceOf } from "../kubernetes/object.ts";
import type { Stack } from "../kubernetes/stack.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

const kinds = ["/ConfigMap", "/Secret", "/ServiceAccount", "/PersistentVolumeClaim"];
/** Labels by which controllers find objects that nothing names. */
const found = [
  "grafana_dashboard",
  "grafana_datasource",
  "prometheus_rule",
  "argocd.argoproj.io/secret-type",
  "owner",
  "cnpg.io/reload",
];

export const unusedObject: Rule = {
  id: "unused-object",
  title: "Nothing lies around unused",
  severity: "low",
  levels: advisoryFrom("dev"),
  what: "The name of each ConfigMap, Secret, ServiceAccount and PersistentVolumeClaim stands somewhere in another object of the stack: where such an object is named, from the same namespace; or in arguments, values and custom resources, but not as a label or the name of something else. Those that controllers find by a label, by their type or by a name that they agree on are left out.",
  why: "What nobody uses is still kept, secured and read, and hides that something else uses the wrong name.",
  remedy: "Remove the object, or correct the name that should lead to it.",
  sources: ["https://github.com/derailed/popeye"],
  ...eachInStack(kinds, function* (object, { stack }) {
    const name = nameIn(object);
    const labels = object.body.at("metadata", "labels").entries.map(([key]) => key);
    const type = object.body.at("type").string ?? "";
    if (
      labels.some((key) => found.includes(key)) ||
      type.startsWith("helm.sh/") ||
      type === "kubernetes.io/service-account-token" ||
      name === "default"
    )
      return;
    if (!isMentioned(object, stack) && !isImplied(name, object, stack))
      yield broken(object.body.at("metadata", "name"), "is not used by anything in the stack");
  }),
};

/** Whether an operator uses a Secret by its name without being told: the settings of an Alertmanager. */
function isImplied(name: string, object: KubernetesObject, stack: Stack): boolean {
  const alertmanagers = stack.ofKind("monitoring.coreos.com/Alertmanager");
  return (
    object.kind === "Secret" &&
    alertmanagers.some((one) => name === `alertmanager-${nameIn(one)}` && namespaceOf(one) === namespaceOf(object))
  );
}
