/*
 * What the exporters that we ask really have, from their own lists: kube-state-metrics `docs/metrics/`, cAdvisor
 * `docs/storage/prometheus.md`, the kubelet's volume stats (kubernetes `test/instrumentation`), ingress-nginx
 * `docs/user-guide/monitoring.md`, cert-manager `docs/devops-tips/prometheus-metrics`. kube-prometheus-stack drops
 * `container_spec_*` and others of cAdvisor, which are therefore not among them.
 */

/** Labels that Prometheus puts on every series of a target. */
const target = ["job", "instance", "namespace", "pod", "service", "container", "endpoint", "node"];

const families: { labels: string[]; metrics: string[] }[] = [
  { labels: [], metrics: ["up"] },
  { labels: ["alertname", "alertstate", "severity"], metrics: ["ALERTS"] },
  {
    labels: ["deployment"],
    metrics: ["kube_deployment_spec_replicas", "kube_deployment_status_replicas_available"],
  },
  { labels: ["statefulset"], metrics: ["kube_statefulset_replicas", "kube_statefulset_status_replicas_ready"] },
  {
    labels: ["daemonset"],
    metrics: ["kube_daemonset_status_desired_number_scheduled", "kube_daemonset_status_number_ready"],
  },
  {
    labels: ["horizontalpodautoscaler"],
    metrics: [
      "kube_horizontalpodautoscaler_spec_max_replicas",
      "kube_horizontalpodautoscaler_spec_min_replicas",
      "kube_horizontalpodautoscaler_status_current_replicas",
    ],
  },
  { labels: ["uid"], metrics: ["kube_pod_container_status_restarts_total"] },
  { labels: ["uid", "reason"], metrics: ["kube_pod_container_status_waiting_reason"] },
  {
    labels: ["uid", "resource", "unit"],
    metrics: ["kube_pod_container_resource_requests", "kube_pod_container_resource_limits"],
  },
  { labels: ["job_name", "condition"], metrics: ["kube_job_failed"] },
  {
    labels: ["id", "image", "name"],
    metrics: [
      "container_memory_working_set_bytes",
      "container_memory_usage_bytes",
      "container_spec_memory_limit_bytes", // dropped as well: only for a Prometheus that is present and keeps it
      "container_cpu_cfs_periods_total",
      "container_cpu_cfs_throttled_periods_total",
    ],
  },
  { labels: ["id", "image", "name", "cpu"], metrics: ["container_cpu_usage_seconds_total"] },
  {
    labels: ["id", "image", "name", "interface"],
    metrics: ["container_network_receive_bytes_total", "container_network_transmit_bytes_total"],
  },
  {
    labels: ["persistentvolumeclaim"],
    metrics: ["kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"],
  },
  { labels: ["ingress", "host", "path", "method", "status"], metrics: ["nginx_ingress_controller_requests"] },
  {
    labels: ["ingress", "host", "path", "method", "status", "le"],
    metrics: ["nginx_ingress_controller_request_duration_seconds_bucket"],
  },
  {
    labels: ["name", "issuer_name", "issuer_kind", "issuer_group"],
    metrics: ["certmanager_certificate_expiration_timestamp_seconds"],
  },
];

/** The labels of each metric that an expression may ask for. */
export const exporterMetrics = new Map(
  families.flatMap(({ labels, metrics }) => metrics.map((metric) => [metric, new Set([...target, ...labels])])),
);
