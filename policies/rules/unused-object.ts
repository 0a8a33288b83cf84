import { broken, eachInStack } from "../judge.ts";
import { type Field, NotKnown } from "../kubernetes/field.ts";
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
  what: "The name of each ConfigMap, Secret, ServiceAccount and PersistentVolumeClaim stands somewhere in another object of the stack. Those that controllers find by a label, by their type or by a name that they agree on are left out.",
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
    if (!isNamed(name, object, stack) && !isImplied(name, object, stack))
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

/** The words of a stack, each with the objects outside of whose metadata it stands, and what could hold more. */
interface Words {
  readonly users: Map<string, Set<KubernetesObject>>;
  readonly unknown: { readonly object: KubernetesObject; readonly error: NotKnown }[];
}

const wordsOfStack = new WeakMap<Stack, Words>();

/**
 * Whether a name stands somewhere in another object: alone, or in a list of arguments or an address.
 * @throws NotKnown if it does not, but may
 */
function isNamed(name: string, object: KubernetesObject, stack: Stack): boolean {
  const { users, unknown } = wordsOf(stack);
  if ([...(users.get(name) ?? [])].some((user) => user !== object)) return true;
  const other = unknown.find((one) => one.object !== object);
  if (other) throw other.error;
  return false;
}

function wordsOf(stack: Stack): Words {
  const known = wordsOfStack.get(stack);
  if (known) return known;
  const words: Words = { users: new Map(), unknown: [] };
  const add = (word: string, object: KubernetesObject) => {
    const users = words.users.get(word) ?? new Set();
    words.users.set(word, users.add(object));
  };
  const collect = (field: Field, object: KubernetesObject) => {
    try {
      const text = field.string;
      if (text === undefined) {
        for (const item of field.list) collect(item, object);
        for (const [, inner] of field.entries) collect(inner, object);
      } else for (const word of [text, ...text.split(/[^\w.-]+/)]) add(word, object);
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      words.unknown.push({ object, error });
    }
  };
  for (const object of stack.objects)
    for (const [key, field] of object.body.entries) if (key !== "metadata") collect(field, object);
  wordsOfStack.set(stack, words);
  return words;
}
