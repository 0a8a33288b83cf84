import type { Waiver } from "./waivers.ts";

const owner = "the policy pack";
/** By then each of these must be looked at again. */
const expires = "2027-12-31";

const velero =
  "Velero backs up and restores objects of every kind, Secrets and roles included, so it needs the rights to";
const ingress =
  "An ingress controller is the public way in: it is reached by everybody, and it reads the certificates of every namespace";

const nodeExporter = "The node exporter measures the node, so it needs the node's namespaces and files";
const externalSecrets =
  "External Secrets Operator makes and renews the Secrets of every namespace, and the certificate of its own webhook";

function need(reason: string, rules: readonly string[], objects: readonly string[]): Waiver[] {
  return rules.flatMap((rule) => objects.map((object) => ({ rule, object, reason, owner, expires })));
}

/**
 * What well-known charts cannot do otherwise: waivers that hold wherever they fit. A stack without the chart has no
 * use for them, and nobody is told.
 */
export const chartNeeds: readonly Waiver[] = [
  ...need(velero, ["rbac-no-cluster-admin"], ["ClusterRoleBinding velero-server*", "RoleBinding */velero-server"]),
  ...need(
    velero,
    [
      "rbac-no-wildcards",
      "rbac-no-secret-read",
      "rbac-no-escalation",
      "rbac-no-pod-exec",
      "rbac-no-pod-create",
      "rbac-no-control-plane-verbs",
    ],
    ["Role */velero-server", "RoleBinding */velero-server"],
  ),
  ...need(
    "Only one Velero may write into its repository, so the old one ends first",
    ["rollout-strategy"],
    ["Deployment */velero"],
  ),
  ...need(ingress, ["rbac-no-secret-read"], ["ClusterRole ingress-nginx", "Role */ingress-nginx"]),
  ...need(
    externalSecrets,
    ["rbac-no-secret-read"],
    ["ClusterRole external-secrets-controller", "ClusterRole external-secrets-cert-controller"],
  ),
  ...need(
    "The operator's webhook does not start without a token for the API server",
    ["automount-token-off"],
    ["Deployment */external-secrets-webhook"],
  ),
  ...need(
    "cert-manager keeps keys and certificates in Secrets of every namespace",
    ["rbac-no-secret-read"],
    ["ClusterRole cert-manager-controller-*", "ClusterRole cert-manager-cainjector"],
  ),
  ...need(
    "The injector writes certificate authorities into the webhook configurations that ask for one",
    ["rbac-no-control-plane-verbs"],
    ["ClusterRole cert-manager-cainjector"],
  ),
  ...need(
    "The operator makes the Secrets that hold the configuration of Prometheus, where those that name them are",
    ["rbac-no-secret-read"],
    ["ClusterRole *-kube-prometheus-operator"],
  ),
  ...need(
    "It counts objects of every kind, Secrets by their names and labels, and the API gives those only with the rest",
    ["rbac-no-secret-read"],
    ["ClusterRole *-kube-state-metrics"],
  ),
  ...need(
    "Grafana's sidecar looks for dashboards and data sources in the Secrets of its own namespace too",
    ["rbac-no-secret-read"],
    ["Role */*-grafana"],
  ),
  ...need(ingress, ["loadbalancer-restricted"], ["Service */ingress-nginx-controller"]),
  ...need(nodeExporter, ["namespace-psa-labels"], ["Namespace monitoring-nodes"]),
  ...need(
    nodeExporter,
    ["host-namespaces", "no-host-path", "no-host-port", "volume-types-restricted"],
    ["DaemonSet */*node-exporter"],
  ),
  ...need(
    "The monitors of Kubernetes' own parts find them through Services in their namespace",
    ["no-system-namespace"],
    ["Service kube-system/*-coredns", "Service kube-system/*-kube-*", "Service kube-system/*-kubelet"],
  ),
];
