import { broken, eachInStack } from "../judge.ts";
import { isNamespaced } from "../kubernetes/kinds.ts";
import { groupKind, type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import { twinsBy } from "../kubernetes/twins.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const nameCollision: Rule = {
  id: "name-collision",
  title: "No two objects are the same one",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "No group, kind, namespace and name is there twice. Pulumi's patches are left out: they are meant for an object that is there.",
  why: "The second one replaces the first, or the two change each other back for ever.",
  remedy: "Give one of them another name.",
  sources: ["https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"],
  ...eachInStack(undefined, function* (object, { stack }) {
    if (firstOfName(stack.ofKind(groupKind(object)), object))
      yield broken(object.body.at("metadata", "name"), "is there twice");
  }),
};

const firstOfName = twinsBy((object) => {
  if (isPatch(object)) return undefined;
  const name = object.body.at("metadata", "name").string;
  return name && `${isNamespaced(object) === false ? "" : namespaceOf(object)}/${name}`;
});

function isPatch({ resource }: KubernetesObject): boolean {
  return /Patch::/.test(resource?.urn ?? "");
}
