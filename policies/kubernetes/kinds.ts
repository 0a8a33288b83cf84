import { groupKind, groupOf, type KubernetesObject } from "./object.ts";

/** Kinds of Kubernetes itself, and of what is often installed beside it, whose objects are in no namespace. */
const clusterWide = new Set([
  "/Namespace",
  "/Node",
  "/PersistentVolume",
  "/ComponentStatus",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/MutatingAdmissionPolicy",
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding",
  "apiextensions.k8s.io/CustomResourceDefinition",
  "apiregistration.k8s.io/APIService",
  "certificates.k8s.io/CertificateSigningRequest",
  "certificates.k8s.io/ClusterTrustBundle",
  "flowcontrol.apiserver.k8s.io/FlowSchema",
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
  "networking.k8s.io/IngressClass",
  "networking.k8s.io/IPAddress",
  "networking.k8s.io/ServiceCIDR",
  "node.k8s.io/RuntimeClass",
  "policy/PodSecurityPolicy",
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "resource.k8s.io/DeviceClass",
  "resource.k8s.io/ResourceSlice",
  "scheduling.k8s.io/PriorityClass",
  "storage.k8s.io/CSIDriver",
  "storage.k8s.io/CSINode",
  "storage.k8s.io/StorageClass",
  "storage.k8s.io/VolumeAttachment",
  "storage.k8s.io/VolumeAttributesClass",
]);

/** The groups of Kubernetes itself that have a dot in their name. */
const ownGroups = new Set([
  ...[...clusterWide].map((kind) => kind.slice(0, kind.indexOf("/"))),
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "internal.apiserver.k8s.io",
  "storagemigration.k8s.io",
]);

/** Whether an object is of a kind of Kubernetes itself, not of a custom resource. */
export function isBuiltIn(object: KubernetesObject): boolean {
  const group = groupOf(object);
  return !group.includes(".") || ownGroups.has(group);
}

/** Custom resources that are often used without their definition beside them, and are in namespaces. */
const namespacedCustom = new Set([
  ...kindsOf("argoproj.io", "AnalysisTemplate Application ApplicationSet AppProject Rollout Workflow WorkflowTemplate"),
  ...kindsOf("autoscaling.k8s.io", "VerticalPodAutoscaler"),
  ...kindsOf("bitnami.com", "SealedSecret"),
  ...kindsOf("cert-manager.io", "Certificate CertificateRequest Issuer"),
  ...kindsOf("cilium.io", "CiliumNetworkPolicy"),
  ...kindsOf("external-secrets.io", "ExternalSecret PushSecret SecretStore"),
  ...kindsOf(
    "gateway.networking.k8s.io",
    "BackendTLSPolicy Gateway GRPCRoute HTTPRoute ReferenceGrant TCPRoute TLSRoute UDPRoute",
  ),
  ...kindsOf("keda.sh", "ScaledJob ScaledObject TriggerAuthentication"),
  ...kindsOf(
    "monitoring.coreos.com",
    "Alertmanager AlertmanagerConfig PodMonitor Probe Prometheus PrometheusAgent PrometheusRule ScrapeConfig ServiceMonitor ThanosRuler",
  ),
  ...kindsOf("networking.istio.io", "DestinationRule EnvoyFilter Gateway ServiceEntry Sidecar VirtualService"),
  ...kindsOf("postgresql.cnpg.io", "Backup Cluster Database Pooler ScheduledBackup"),
  ...kindsOf("security.istio.io", "AuthorizationPolicy PeerAuthentication RequestAuthentication"),
  ...kindsOf("serving.knative.dev", "Configuration Route Service"),
  ...kindsOf("traefik.io", "IngressRoute IngressRouteTCP IngressRouteUDP Middleware"),
]);

function kindsOf(group: string, kinds: string): string[] {
  return kinds.split(" ").map((kind) => `${group}/${kind}`);
}

/**
 * Whether objects of a kind are in a namespace; undefined for custom resources that are not well known, of which only
 * their definition knows.
 */
export function isNamespaced(object: KubernetesObject): boolean | undefined {
  if (isBuiltIn(object)) return !clusterWide.has(groupKind(object));
  return namespacedCustom.has(groupKind(object)) || undefined;
}
