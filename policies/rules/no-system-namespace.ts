import { broken, eachObject } from "../judge.ts";
import { nameIn, systemNamespaces } from "../kubernetes/object.ts";
import { listOf, mandatoryFrom, type Rule } from "../rule.ts";

const mustBeThere = /leaderelection|leader-election|auth-reader|authentication-reader/;

export const noSystemNamespace: Rule = {
  id: "no-system-namespace",
  title: "Nothing is put among what Kubernetes itself runs",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "No object is in `kube-system`, `kube-public` or `kube-node-lease`, unless it is configured as one that belongs there. Roles and bindings of leader election and of the extension API servers' login, which can only be there, are left out.",
  why: "What runs there is trusted by everything, and often left out by the rules of others.",
  remedy: "metadata:\n  namespace: shop",
  sources: ["Trivy KSV-0037", "Kubescape C-0061"],
  options: {
    declared: {
      type: "array",
      items: { type: "string" },
      description: "Objects that belong there, as `Kind name`.",
      default: [],
    },
  },
  ...eachObject(undefined, function* (object, { options }) {
    const namespace = object.body.at("metadata", "namespace");
    if (!systemNamespaces.includes(namespace.string ?? "")) return;
    const name = nameIn(object);
    const isRbac = object.kind === "Role" || object.kind === "RoleBinding";
    if (listOf(options.declared).includes(`${object.kind} ${name}`) || (isRbac && mustBeThere.test(name))) return;
    yield broken(namespace, "is a namespace of Kubernetes itself");
  }),
};
