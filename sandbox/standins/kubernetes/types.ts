import { type JsonObject, textAt } from "../values.ts";

/** Groups of the API that belong to Kubernetes itself. */
const builtInGroup =
  /^(|admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)(\.k8s\.io)?$|^(apps|autoscaling|batch|policy|extensions)$/;

/** Kinds that have no namespace, for when no API server can be asked. */
const clusterKinds = new Set([
  "APIService",
  "CertificateSigningRequest",
  "ClusterIssuer",
  "ClusterRole",
  "ClusterRoleBinding",
  "ComponentStatus",
  "CSIDriver",
  "CSINode",
  "CustomResourceDefinition",
  "DeviceClass",
  "FlowSchema",
  "IngressClass",
  "IPAddress",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "ResourceSlice",
  "RuntimeClass",
  "ServiceCIDR",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
]);

/** The group of an `apiVersion`: "" for `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** Whether an object's kind is one of Kubernetes' own. */
export function isBuiltIn(object: JsonObject): boolean {
  return builtInGroup.test(groupOf(textAt(object, "apiVersion")));
}

/** Whether a kind has a namespace, as far as it is known without an API server: unknown kinds have. */
export function isNamespacedKind(kind: string): boolean {
  return !clusterKinds.has(kind);
}

/** The Pulumi type of an object: `kubernetes:core/v1:ConfigMap`, `kubernetes:apps/v1:Deployment`. */
export function typeToken(apiVersion: string, kind: string): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/** The `apiVersion` and kind of a Pulumi type; an error says what the stand-in has where it is none of it. */
export function kindOfType(type: string): { apiVersion: string; kind: string } {
  const [provider, apiVersion = "", kind = ""] = type.split(":");
  if (provider !== "kubernetes" || /^(helm\.sh|yaml|kustomize)\b/.test(apiVersion) || /Patch$|List$/.test(kind)) {
    throw new Error(
      `The stand-in for the kubernetes provider has no ${type}. It has the kinds of Kubernetes itself, custom resources ` +
        "(apiextensions.CustomResource) and helm.v4.Chart. Install the official plugin " +
        "(pulumi plugin install resource kubernetes) for the rest.",
    );
  }
  return { apiVersion: apiVersion.replace(/^core\//, ""), kind };
}

/** "namespace/name", or "name" for what has no namespace: the id of a resource. */
export function idOf(object: JsonObject): string {
  const namespace = textAt(object, "metadata", "namespace");
  const name = textAt(object, "metadata", "name");
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** An annotation's value, or "". */
export function annotation(object: JsonObject, key: string): string {
  return textAt(object, "metadata", "annotations", key);
}
