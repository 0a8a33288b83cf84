import { broken, eachInStack } from "../judge.ts";
import { isNamespaced } from "../kubernetes/kinds.ts";
import { groupOf, type KubernetesObject } from "../kubernetes/object.ts";
import { type Stack, someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noDefaultNamespace: Rule = {
  id: "no-default-namespace",
  title: "Everything is in a namespace of its own",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "Each object of a kind that lives in namespaces has `metadata.namespace`, and it is not `default`.",
  why: "In `default` lies what somebody forgot to say something about, with no quota, no policy and no owner.",
  remedy: "metadata:\n  namespace: shop",
  sources: [
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
    "kube-linter use-namespace",
    "Kyverno disallow-default-namespace",
    "Checkov CKV_K8S_21",
    "Trivy KSV-0110",
    "Kubescape C-0061",
  ],
  ...eachInStack(undefined, function* (object, { stack }) {
    if (isSetting(object) || !(isNamespaced(object) ?? isDefinedAsNamespaced(object, stack))) return;
    const namespace = object.body.at("metadata", "namespace");
    if (!namespace.value) yield broken(namespace, "is not set");
    else if (namespace.value === "default") yield broken(namespace, "is default");
  }),
};

/** Files that tools read and no cluster ever gets. */
function isSetting(object: KubernetesObject): boolean {
  return /(^|\.)(kustomize\.config|kubeadm|config|kubelet\.config|audit|kind\.x)\.k8s\.io$|^kustomize/.test(
    groupOf(object),
  );
}

function isDefinedAsNamespaced(object: KubernetesObject, stack: Stack): boolean {
  const definitions = someOf(
    stack.ofKind("apiextensions.k8s.io/CustomResourceDefinition"),
    ({ body }) =>
      body.at("spec", "group").value === groupOf(object) && body.at("spec", "names", "kind").value === object.kind,
  );
  const [scope] = definitions.map(({ body }) => body.at("spec", "scope").value);
  return scope === undefined ? object.body.at("metadata", "namespace").set : scope === "Namespaced";
}
