import { broken, each, eachInStack } from "../judge.ts";
import type { Field } from "../kubernetes/field.ts";
import { groupKind, type KubernetesObject } from "../kubernetes/object.ts";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import { ingressKinds } from "../kubernetes/services.ts";
import { advisoryFrom, listOf, type Rule } from "../rule.ts";

export const classRefExists: Rule = {
  id: "class-ref-exists",
  title: "Every class that is named exists",
  severity: "medium",
  levels: advisoryFrom("dev"),
  what: "Each storage, ingress, priority and runtime class that an object names is in the stack, or configured as there, or one of Kubernetes' own priority classes.",
  why: "A claim of a class that does not exist waits for ever, and so does every pod that needs it.",
  remedy: "Create the class in the stack, correct its name, or tell the rule that the cluster has it.",
  sources: ["https://kubernetes.io/docs/concepts/storage/storage-classes/"],
  options: {
    storage: {
      type: "array",
      items: { type: "string" },
      description: "Storage classes that the cluster has.",
      default: [],
    },
    ingress: {
      type: "array",
      items: { type: "string" },
      description: "Ingress classes that the cluster has.",
      default: [],
    },
    priority: {
      type: "array",
      items: { type: "string" },
      description: "Priority classes that the cluster has.",
      default: [],
    },
    runtime: {
      type: "array",
      items: { type: "string" },
      description: "Runtime classes that the cluster has.",
      default: [],
    },
  },
  ...eachInStack(undefined, (object, { stack, options }) =>
    each(classesOf(object), function* ({ kind, option, name }) {
      const text = name.string ?? "";
      if (text === "" || /^system-(cluster|node)-critical$/.test(text) || listOf(options[option]).includes(text))
        return;
      if (!stack.find(kind, undefined, text)) yield broken(name, `is no ${kind.split("/")[1]} that exists`);
    }),
  ),
};

/** The classes that an object names. */
function classesOf(object: KubernetesObject): { kind: string; option: string; name: Field }[] {
  const pod = podSpecOf(object)?.field;
  const claims = [
    ...(object.kind === "PersistentVolumeClaim" ? [object.body] : []),
    ...object.body.at("spec", "volumeClaimTemplates").items(),
    ...(pod
      ?.at("volumes")
      .items()
      .map((volume) => volume.at("ephemeral", "volumeClaimTemplate")) ?? []),
  ];
  return [
    ...claims.map((claim) => ({
      kind: "storage.k8s.io/StorageClass",
      option: "storage",
      name: claim.at("spec", "storageClassName"),
    })),
    ...(ingressKinds.includes(groupKind(object))
      ? [
          {
            kind: "networking.k8s.io/IngressClass",
            option: "ingress",
            name: object.body.at("spec", "ingressClassName"),
          },
        ]
      : []),
    ...(pod
      ? [
          { kind: "scheduling.k8s.io/PriorityClass", option: "priority", name: pod.at("priorityClassName") },
          { kind: "node.k8s.io/RuntimeClass", option: "runtime", name: pod.at("runtimeClassName") },
        ]
      : []),
  ];
}
