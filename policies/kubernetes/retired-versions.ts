/** When a version of an API went, and what to use in its place. */
export interface Retirement {
  /** The minor version of Kubernetes since which it is deprecated. */
  readonly deprecated: number;
  /** The minor version that no longer has it. */
  readonly removed: number;
  readonly instead: string;
}

const never = Number.POSITIVE_INFINITY;

/** Version, kinds, deprecated since, removed in, version to use. Kinds may be `*`. */
const table: readonly [version: string, kinds: string, deprecated: number, removed: number, instead: string][] = [
  ["extensions/v1beta1", "Deployment DaemonSet ReplicaSet", 9, 16, "apps/v1"],
  ["extensions/v1beta1", "NetworkPolicy", 9, 16, "networking.k8s.io/v1"],
  ["extensions/v1beta1", "PodSecurityPolicy", 10, 16, ""],
  ["extensions/v1beta1", "Ingress", 14, 22, "networking.k8s.io/v1"],
  ["apps/v1beta1", "*", 9, 16, "apps/v1"],
  ["apps/v1beta2", "*", 9, 16, "apps/v1"],
  [
    "admissionregistration.k8s.io/v1beta1",
    "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    16,
    22,
    "admissionregistration.k8s.io/v1",
  ],
  ["apiextensions.k8s.io/v1beta1", "*", 16, 22, "apiextensions.k8s.io/v1"],
  ["apiregistration.k8s.io/v1beta1", "*", 19, 22, "apiregistration.k8s.io/v1"],
  ["authentication.k8s.io/v1beta1", "TokenReview", 19, 22, "authentication.k8s.io/v1"],
  ["authorization.k8s.io/v1beta1", "*", 19, 22, "authorization.k8s.io/v1"],
  ["certificates.k8s.io/v1beta1", "CertificateSigningRequest", 19, 22, "certificates.k8s.io/v1"],
  ["coordination.k8s.io/v1beta1", "Lease", 19, 22, "coordination.k8s.io/v1"],
  ["networking.k8s.io/v1beta1", "Ingress IngressClass", 19, 22, "networking.k8s.io/v1"],
  ["rbac.authorization.k8s.io/v1alpha1", "*", 17, 22, "rbac.authorization.k8s.io/v1"],
  ["rbac.authorization.k8s.io/v1beta1", "*", 17, 22, "rbac.authorization.k8s.io/v1"],
  ["scheduling.k8s.io/v1alpha1", "PriorityClass", 14, 17, "scheduling.k8s.io/v1"],
  ["scheduling.k8s.io/v1beta1", "PriorityClass", 14, 22, "scheduling.k8s.io/v1"],
  ["storage.k8s.io/v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment", 19, 22, "storage.k8s.io/v1"],
  ["batch/v1beta1", "CronJob", 21, 25, "batch/v1"],
  ["batch/v2alpha1", "CronJob", 8, 21, "batch/v1"],
  ["discovery.k8s.io/v1beta1", "EndpointSlice", 21, 25, "discovery.k8s.io/v1"],
  ["events.k8s.io/v1beta1", "Event", 19, 25, "events.k8s.io/v1"],
  ["autoscaling/v2beta1", "HorizontalPodAutoscaler", 22, 25, "autoscaling/v2"],
  ["autoscaling/v2beta2", "HorizontalPodAutoscaler", 23, 26, "autoscaling/v2"],
  ["policy/v1beta1", "PodDisruptionBudget", 21, 25, "policy/v1"],
  ["policy/v1beta1", "PodSecurityPolicy", 21, 25, ""],
  ["node.k8s.io/v1beta1", "RuntimeClass", 20, 25, "node.k8s.io/v1"],
  ["flowcontrol.apiserver.k8s.io/v1beta1", "*", 23, 26, "flowcontrol.apiserver.k8s.io/v1"],
  ["flowcontrol.apiserver.k8s.io/v1beta2", "*", 26, 29, "flowcontrol.apiserver.k8s.io/v1"],
  ["flowcontrol.apiserver.k8s.io/v1beta3", "*", 29, 32, "flowcontrol.apiserver.k8s.io/v1"],
  ["storage.k8s.io/v1beta1", "CSIStorageCapacity", 24, 27, "storage.k8s.io/v1"],
  [
    "admissionregistration.k8s.io/v1beta1",
    "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
    30,
    34,
    "admissionregistration.k8s.io/v1",
  ],
  ["v1", "Endpoints", 33, never, "discovery.k8s.io/v1"],
  ["v1", "ComponentStatus", 19, never, ""],
];

/**
 * When a version of a kind went or will go; undefined if nothing is known against it.
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
export function retirementOf(apiVersion: string, kind: string): Retirement | undefined {
  const row = table.find(
    ([version, kinds]) => version === apiVersion && (kinds === "*" || kinds.split(" ").includes(kind)),
  );
  if (!row) return undefined;
  const [, , deprecated, removed, instead] = row;
  return { deprecated, removed, instead: instead ? `apiVersion: ${instead}` : "There is nothing in its place." };
}
