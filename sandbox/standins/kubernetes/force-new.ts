import { type JsonObject, textAt } from "../values.ts";
import { groupOf } from "./types.ts";

const selector = [".spec.selector"];

/** Fields that cannot be changed on a living object, per group and kind: the official provider's own list. */
const immutable: Record<string, readonly string[]> = {
  "apps/DaemonSet": selector,
  "apps/Deployment": selector,
  "apps/StatefulSet": [
    ".spec.podManagementPolicy",
    ".spec.revisionHistoryLimit",
    ".spec.selector",
    ".spec.serviceName",
    ".spec.volumeClaimTemplates",
  ],
  "batch/Job": [".spec.completions", ".spec.parallelism", ".spec.selector", ".spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": [".roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": [".roleRef"],
  "storage.k8s.io/StorageClass": [".parameters", ".provisioner"],
  "/PersistentVolume": ["csi", "hostPath", "local", "nfs"].map((source) => `.spec.${source}`),
  "/PersistentVolumeClaim": [".spec.accessModes", ".spec.selector", ".spec.storageClassName", ".spec.volumeName"],
  "/Pod": [".spec"],
  "/ResourceQuota": [".spec.scopes"],
  "/Secret": [".type"],
  "/Service": [".spec.clusterIP"],
};

/** What the provider's settings say about ConfigMaps and Secrets. */
export interface Mutability {
  /** Whether a ConfigMap's data may change in place; default false: it is replaced. */
  configMaps: boolean;
  /** Whether a Secret's data may change in place; default false: it is replaced. */
  secrets: boolean;
}

/** The fields whose change replaces an object. */
export function replacingFields(object: JsonObject, mutable: Mutability): string[] {
  const kind = textAt(object, "kind");
  const fields = [".metadata.name", ".metadata.namespace", ".apiVersion", ".kind"];
  fields.push(...(immutable[`${groupOf(textAt(object, "apiVersion"))}/${kind}`] ?? []));
  const frozen = object.immutable === true;
  if (kind === "Secret" && (frozen || !mutable.secrets)) fields.push(".stringData", ".data");
  if (kind === "ConfigMap" && (frozen || !mutable.configMaps)) fields.push(".binaryData", ".data");
  return fields;
}
