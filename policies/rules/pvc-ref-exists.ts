import { broken, each, eachPodInStack } from "../judge.ts";
import type { Field } from "../kubernetes/field.ts";
import { type KubernetesObject, nameIn, namespaceOf } from "../kubernetes/object.ts";
import { type Stack, someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const pvcRefExists: Rule = {
  id: "pvc-ref-exists",
  title: "Every claim that a pod mounts exists",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each `claimName` is a PersistentVolumeClaim of the stack in the pod's namespace, or one that a StatefulSet's `volumeClaimTemplates` make. A volume of the name of such a template is replaced by it.",
  why: "The pod is never scheduled.",
  remedy: "Create the PersistentVolumeClaim in the stack, or correct its name.",
  sources: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/"],
  ...eachPodInStack(({ field }, { object, stack }) =>
    each(field.at("volumes").list, function* (volume) {
      const claim = volume.at("persistentVolumeClaim", "claimName");
      if (!claim.set || isReplaced(volume, object) || isTemplated(claim.string ?? "", namespaceOf(object), stack))
        return;
      if (!stack.find("/PersistentVolumeClaim", namespaceOf(object), claim.string ?? ""))
        yield broken(claim, "names a claim that does not exist");
    }),
  ),
};

/** Whether a StatefulSet puts a claim of its own in a volume's place: that of the template of the same name. */
function isReplaced(volume: Field, object: KubernetesObject): boolean {
  const templates = object.kind === "StatefulSet" ? object.body.at("spec", "volumeClaimTemplates").list : [];
  return someOf(templates, (one) => one.at("metadata", "name").value === volume.at("name").value).length > 0;
}

/** Whether a StatefulSet makes a claim of that name: its template's name, its own, and a number. */
function isTemplated(claim: string, namespace: string, stack: Stack): boolean {
  return stack.ofKind("apps/StatefulSet").some((object) => {
    if (namespaceOf(object) !== namespace) return false;
    const names = object.body
      .at("spec", "volumeClaimTemplates")
      .list.map((template) => template.at("metadata", "name").string);
    return names.some((name) => claim.startsWith(`${name}-${nameIn(object)}-`));
  });
}
