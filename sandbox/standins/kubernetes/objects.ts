import { hasUnknown, type Json, type JsonObject, mapObjects, mapValues, objectAt, textAt } from "../values.ts";
import type { Settings } from "./settings.ts";

/** Groups of the API that belong to Kubernetes itself. */
const builtInGroup =
  /^(|apps|autoscaling|batch|policy|(admissionregistration|apiregistration|networking|node|rbac\.authorization|scheduling|storage)\.k8s\.io)$/;

/** Kinds without a namespace, for when no API server can be asked. */
const clusterKinds = new Set(
  (
    "APIService ClusterIssuer ClusterRole ClusterRoleBinding CSIDriver CustomResourceDefinition IngressClass " +
    "MutatingWebhookConfiguration Namespace Node PersistentVolume PriorityClass RuntimeClass StorageClass " +
    "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VolumeSnapshotClass"
  ).split(" "),
);

/** With it, a Job that is not done is replaced. */
export const replaceUnready = "pulumi.com/replaceUnready";
/** With it, an update takes fields from other field managers. */
export const patchForce = "pulumi.com/patchForce";
/** The annotations of the official provider that the stand-in obeys too. */
const obeyed = ["pulumi.com/skipAwait", "pulumi.com/timeoutSeconds", patchForce, replaceUnready];

/** Whether a kind has a namespace, as far as it is known without an API server: unknown kinds have. */
export function isNamespacedKind(kind: string): boolean {
  return !clusterKinds.has(kind);
}

/** The group of an `apiVersion`: "" for `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
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
  return [textAt(object, "metadata", "namespace"), textAt(object, "metadata", "name")].filter(Boolean).join("/");
}

/** What is enough of an object to find it. */
export function reference(apiVersion: string, kind: string, id: string): JsonObject {
  const [name = "", namespace = ""] = id.split("/").reverse();
  return { apiVersion, kind, metadata: { ...(namespace ? { namespace } : {}), name } };
}

/** An annotation's value, or "". */
export function annotation(object: JsonObject, key: string): string {
  return textAt(object, "metadata", "annotations", key);
}

/** Refuses an object that the stand-in would not treat as the official provider does. */
export function refuseForeign(object: JsonObject, name: string): void {
  const thing = `${textAt(object, "kind")} "${name}"`;
  if (textAt(object, "metadata", "name") === "") {
    throw new Error(
      `metadata.name is missing: the stand-in for the kubernetes provider makes up no names. Give ${thing} a fixed name.`,
    );
  }
  const annotations = Object.keys(objectAt(object, "metadata", "annotations"));
  const foreign = annotations.filter(
    (key) => /^pulumi\.com\/|^config\.kubernetes\.io\/depends-on$/.test(key) && !obeyed.includes(key),
  );
  if (foreign.length > 0) {
    throw new Error(
      `${thing}: the stand-in for the kubernetes provider does not have ${foreign.join(", ")}. It has ${obeyed.join(", ")}.`,
    );
  }
}

/**
 * The object without what the API server drops from its own kinds in any case and charts give for nothing, and with a
 * Secret's texts encoded into its data, as the API server does. One in which something is not known yet stays whole.
 */
export function settled(object: JsonObject): JsonObject {
  if (!builtInGroup.test(groupOf(textAt(object, "apiVersion"))) || hasUnknown(object)) return object;
  const kept = mapObjects(object, (fields) =>
    Object.fromEntries(Object.entries(fields).filter(([key, value]) => !isDropped(key, value))),
  ) as JsonObject;
  const { stringData, ...rest } = kept;
  if (object.kind !== "Secret" || stringData === undefined) return kept;
  const encoded = mapValues(objectAt(kept, "stringData"), (text) => Buffer.from(String(text)).toString("base64"));
  return { ...rest, data: { ...objectAt(kept, "data"), ...encoded } };
}

const maps = /^(annotations|data|labels|limits|nodeSelector|requests)$/;
const switches = /^(host(IPC|Network|PID)|publishNotReadyAddresses)$/;

function isDropped(key: string, value: Json): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.length === 0 && key !== "rules";
  if (typeof value === "object") return maps.test(key) && Object.keys(value).length === 0;
  return (value === false && switches.test(key)) || (value === 0 && key === "minReadySeconds");
}

/** Fields that cannot be changed on a living object, per kind: of the official provider's list what this project makes. */
const immutable: Record<string, readonly string[]> = {
  ClusterRoleBinding: ["roleRef"],
  DaemonSet: ["spec.selector"],
  Deployment: ["spec.selector"],
  Job: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  PersistentVolumeClaim: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  RoleBinding: ["roleRef"],
  Secret: ["type"],
  Service: ["spec.clusterIP"],
  StatefulSet: [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  StorageClass: ["parameters", "provisioner"],
};

/** The fields whose change replaces an object. */
export function replacingFields(object: JsonObject, { mutable }: Settings): string[] {
  const kind = textAt(object, "kind");
  const data = ["ConfigMap", "Secret"].includes(kind) && (object.immutable === true || !mutable.has(kind));
  return [
    ...["metadata.name", "metadata.namespace", "apiVersion", "kind", ...(immutable[kind] ?? [])],
    ...(data ? ["data", "binaryData"] : []),
  ];
}
