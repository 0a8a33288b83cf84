import { broken, each, eachInStack } from "../judge.ts";
import { type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import { isMade } from "../kubernetes/provided.ts";
import { referencesIn } from "../kubernetes/references.ts";
import { listOf, mandatoryFrom, type Rule } from "../rule.ts";
import { isLike } from "../waivers.ts";

export const configRefExists: Rule = {
  id: "config-ref-exists",
  title: "Every ConfigMap and Secret that a pod needs exists",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each ConfigMap, Secret and key that a pod names in its environment, volumes or pull secrets, its ServiceAccount's included, is in the stack, in the pod's namespace, or made by something in the stack (a Certificate, an ExternalSecret, a SealedSecret, an operator's cluster, a Job with `--secret-name`), or configured as there. Optional ones are left out.",
  why: "The pod waits for it for ever, and the deployment with it.",
  remedy: "Create the ConfigMap or Secret with the key in the stack, correct its name, or say `optional: true`.",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/configmap/",
    "https://kubernetes.io/docs/concepts/configuration/secret/",
  ],
  options: {
    provided: {
      type: "array",
      items: { type: "string" },
      description: "Secrets and ConfigMaps that the cluster has, as `namespace/name`; `*` is any text.",
      default: [],
    },
  },
  ...eachInStack(undefined, (object, { stack, options }) =>
    each(referencesIn(object), function* ({ kind, name, keys, optional }) {
      if (!name.set || optional?.value === true) return;
      const text = name.string ?? "";
      const namespace = namespaceOf(object);
      if (listOf(options.provided).some((pattern) => isLike(pattern, `${namespace}/${text}`))) return;
      const found = isMade(stack, kind, namespace, text) ? undefined : stack.find(kind, namespace, text);
      if (!found) {
        if (!isMade(stack, kind, namespace, text)) yield broken(name, `names a ${kind.slice(1)} that does not exist`);
        return;
      }
      yield* each(keys, function* (key) {
        if (key.set && !hasKey(found, key.string ?? ""))
          yield broken(key, `is no key of ${kind.slice(1)} ${found.name}`);
      });
    }),
  ),
};

function hasKey({ body }: KubernetesObject, key: string): boolean {
  return ["data", "stringData", "binaryData"].some((map) => body.at(map).entries.some(([name]) => name === key));
}
