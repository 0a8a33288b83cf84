import type { Alert, Alerts } from "../model/monitoring.ts";
import { standardLabels } from "../model/names.ts";
import { serviceHost } from "../model/service.ts";
import type { PlatformModel } from "../model/system.ts";
import type { MonitoringObject } from "./monitoring-object.ts";
import { anyOf, replicaMetrics, select } from "./promql.ts";
import type { MonitoredSystem } from "./service-monitor.ts";

type Model = Pick<PlatformModel, "name" | "namespace" | "services" | "data" | "ingresses">;

/** Labels that name a container, as cAdvisor and kube-state-metrics both have them. */
const container = "namespace, pod, container";

/**
 * What every system is watched for. Only what a person should do something about, each with time enough to pass by itself. The
 * numbers come from kube-state-metrics, the kubelets, ingress-nginx and cert-manager, so that no service has to do anything.
 */
export function systemAlerts(model: Model): Alert[] {
  const here = { namespace: model.namespace };
  const services = Object.entries(model.services);
  const routed = Object.keys(model.ingresses).length > 0;
  const jobs = services.flatMap(([name, service]) => (service.metrics ? [serviceHost(name, service)] : []));
  const scaled = services.some(([, { autoscaling }]) => autoscaling);
  return [
    ...workloadAlerts(model),
    {
      alert: "PodNotStarting",
      expr: select("kube_pod_container_status_waiting_reason", {
        ...here,
        reason: "~CrashLoopBackOff|ImagePullBackOff|ErrImagePull|CreateContainerConfigError",
      }),
      for: "10m",
      severity: "warning",
      summary: "Container {{ $labels.container }} of {{ $labels.pod }} does not start: {{ $labels.reason }}",
    },
    {
      alert: "ContainerRestarting",
      expr: `increase(${select("kube_pod_container_status_restarts_total", here)}[30m]) > 3`,
      for: "5m",
      severity: "warning",
      summary: "Container {{ $labels.container }} of {{ $labels.pod }} keeps restarting",
    },
    {
      alert: "ContainerMemoryHigh",
      expr: `${memoryOfLimit({ ...here, container: "!" })} > 0.9`,
      for: "10m",
      severity: "warning",
      summary: "Container {{ $labels.container }} of {{ $labels.pod }} is near its memory limit",
      description: "At {{ $value | humanizePercentage }} of the limit; beyond it the container is killed.",
    },
    {
      alert: "ContainerCpuThrottled",
      expr: [
        `sum by (${container}) (rate(${select("container_cpu_cfs_throttled_periods_total", { ...here, container: "!" })}[5m]))`,
        `sum by (${container}) (rate(${select("container_cpu_cfs_periods_total", { ...here, container: "!" })}[5m])) > 0.5`,
      ].join(" / "),
      for: "15m",
      severity: "warning",
      summary: "Container {{ $labels.container }} of {{ $labels.pod }} waits for cpu",
      description: "Its limit holds it back in {{ $value | humanizePercentage }} of all periods.",
    },
    ...(scaled
      ? [
          {
            alert: "AutoscalerAtMaximum",
            expr: [
              select("kube_horizontalpodautoscaler_status_current_replicas", here),
              `${select("kube_horizontalpodautoscaler_spec_max_replicas", here)} > ${select("kube_horizontalpodautoscaler_spec_min_replicas", here)}`,
            ].join(" >= "),
            for: "30m",
            severity: "warning",
            summary: "Autoscaler {{ $labels.horizontalpodautoscaler }} has been at its maximum for half an hour",
          } as const,
        ]
      : []),
    ...(jobs.length
      ? [
          {
            alert: "MetricsMissing",
            expr: `${select("up", { ...here, job: anyOf(jobs) })} == 0`,
            for: "10m",
            severity: "warning",
            summary: "{{ $labels.pod }} tells Prometheus nothing",
          } as const,
        ]
      : []),
    {
      alert: "VolumeFillingUp",
      expr: `${select("kubelet_volume_stats_available_bytes", here)} / ${select("kubelet_volume_stats_capacity_bytes", here)} < 0.1`,
      for: "15m",
      severity: "critical",
      summary: "Volume {{ $labels.persistentvolumeclaim }} is nearly full",
      description: "{{ $value | humanizePercentage }} of it is free. A volume can grow, if its class allows it.",
    },
    {
      alert: "JobFailed",
      expr: `${select("kube_job_failed", { ...here, condition: "true" })} == 1`,
      for: "5m",
      severity: "warning",
      summary: "Job {{ $labels.job_name }} failed",
    },
    ...(routed ? routeAlerts(here) : []),
  ];
}

function workloadAlerts({ services, data, namespace }: Model): Alert[] {
  const kinds = new Set(Object.values(services).map(({ kind }) => kind));
  if (Object.values(data).some((store) => !store.existing)) kinds.add("StatefulSet");
  return [...kinds].sort().flatMap((kind): Alert[] => {
    const { label, wanted, ready } = replicaMetrics[kind];
    const [is, should] = [ready, wanted].map((metric) => select(metric, { namespace }));
    return [
      {
        alert: `${kind}Down`,
        expr: `${is} == 0 and ${should} > 0`,
        for: "5m",
        severity: "critical",
        summary: `${kind} {{ $labels.${label} }} has no pod that serves`,
      },
      {
        alert: `${kind}Degraded`,
        expr: `${is} < ${should}`,
        for: "15m",
        severity: "warning",
        summary: `${kind} {{ $labels.${label} }} has fewer pods than it should`,
      },
    ];
  });
}

function routeAlerts(here: { namespace: string }): Alert[] {
  const rate = (matchers: Record<string, string>) =>
    `sum by (namespace, ingress, service) (rate(${select("nginx_ingress_controller_requests", { ...here, ...matchers })}[5m]))`;
  return [
    {
      alert: "RequestsFailing",
      expr: `${rate({ status: "~5.." })} / ${rate({})} > 0.05`,
      for: "10m",
      severity: "critical",
      summary: "Requests from outside to {{ $labels.service }} fail",
      description: "{{ $value | humanizePercentage }} of them are answered with a server error.",
    },
    {
      alert: "CertificateExpiring",
      expr: `${select("certmanager_certificate_expiration_timestamp_seconds", here)} - time() < 14 * 86400`,
      for: "1h",
      severity: "critical",
      summary: "Certificate {{ $labels.name }} expires in less than two weeks",
      description: "cert-manager renews it a month before the end, so something keeps it from that.",
    },
  ];
}

/** Memory in use, as the kernel counts it before it kills, over the limit; for each container. */
function memoryOfLimit(matchers: Record<string, string>): string {
  const used = `max by (${container}) (${select("container_memory_working_set_bytes", matchers)})`;
  const limit = `max by (${container}) (${select("kube_pod_container_resource_limits", { ...matchers, resource: "memory" })})`;
  return `${used} / ${limit}`;
}

/** The PrometheusRules of a system: what every one is watched for, and its own. */
export function prometheusRules(model: Model & { alerts: Alerts }, system: MonitoredSystem): MonitoringObject[] {
  const common = `${model.name}-system`;
  const all: Alerts = { [common]: { group: common, rules: systemAlerts(model) }, ...model.alerts };
  return Object.entries(all).map(([name, { group, rules }]) => ({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: {
      name,
      namespace: system.namespace,
      labels: { ...standardLabels(name, system.name, { component: "alerts" }), ...system.labels },
    },
    spec: {
      groups: [
        {
          name: group,
          rules: rules.map(({ alert, expr, for: held, severity, summary, description }) => ({
            alert,
            expr: expr.replaceAll("$namespace", model.namespace),
            for: held,
            labels: { severity },
            annotations: { summary, ...(description ? { description } : {}) },
          })),
        },
      ],
    },
  }));
}
