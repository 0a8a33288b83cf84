import { broken, eachInStack } from "../judge.ts";
import { isBuiltIn } from "../kubernetes/kinds.ts";
import { groupOf } from "../kubernetes/object.ts";
import { someOf } from "../kubernetes/stack.ts";
import { advisoryFrom, listOf, type Rule } from "../rule.ts";

export const crdPresent: Rule = {
  id: "crd-present",
  title: "Every custom resource has its definition",
  severity: "medium",
  levels: advisoryFrom("dev"),
  what: "The CustomResourceDefinition of each custom resource's kind is in the stack, or its group is configured as one that the cluster has.",
  why: "Without it the API server does not know the kind.",
  remedy: "Deploy the definitions in the same stack, or tell the rule that the cluster has the group.",
  sources: ["https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/custom-resources/"],
  options: {
    groups: {
      type: "array",
      items: { type: "string" },
      description: "Groups of custom resources that the cluster has.",
      default: [],
    },
  },
  ...eachInStack(undefined, function* (object, { stack, options }) {
    const group = groupOf(object);
    if (isBuiltIn(object) || object.kind === "CustomResourceDefinition" || listOf(options.groups).includes(group))
      return;
    if (/(^|\.)(kustomize\.config|config|helm)\.(k8s\.io|sh)$/.test(group)) return;
    const found = someOf(
      stack.ofKind("apiextensions.k8s.io/CustomResourceDefinition"),
      ({ body }) => body.at("spec", "group").value === group && body.at("spec", "names", "kind").value === object.kind,
    );
    if (found.length === 0) yield broken(object.body.at("kind"), "is of a kind whose definition is not there");
  }),
};
