import { broken, eachInStack } from "../judge.ts";
import type { Field } from "../kubernetes/field.ts";
import { nameIn } from "../kubernetes/object.ts";
import { someOf } from "../kubernetes/stack.ts";
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
  what: "The name of each ConfigMap, Secret, ServiceAccount and PersistentVolumeClaim stands somewhere in another object of the stack. Those that controllers find by a label or by their type are left out.",
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
    if (someOf(stack.objects, (other) => other !== object && isNamed(other.body, name)).length === 0)
      yield broken(object.body.at("metadata", "name"), "is not used by anything in the stack");
  }),
};

/** Whether a name stands somewhere in an object besides its metadata: alone, or in a list of arguments or an address. */
function isNamed(body: Field, name: string): boolean {
  return body.entries.some(([key, field]) => key !== "metadata" && stands(field, name));
}

function stands(field: Field, name: string): boolean {
  const text = field.string;
  if (text !== undefined) return text === name || text.split(/[^\w.-]+/).includes(name);
  return field.list.some((item) => stands(item, name)) || field.entries.some(([, inner]) => stands(inner, name));
}
