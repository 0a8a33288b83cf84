import { dataStoreEndpoints } from "../model/data-store.ts";
import { type Service, serviceHost } from "../model/service.ts";
import type { PlatformModel } from "../model/system.ts";
import { grafanaDashboard, type Panel, type Query, type Row } from "./dashboard-panels.ts";
import { anyOf, type Matchers, replicaMetrics, select } from "./promql.ts";

type Model = Pick<PlatformModel, "name" | "namespace" | "services" | "data" | "ingresses" | "addons">;

/** A window that follows the dashboard's resolution. */
const window = "$__rate_interval";

/**
 * The golden signals of a system's services: traffic, errors and latency where routes lead to them, and of each one how near it
 * is to its bounds. Drawn from what is declared, so that a new service is on the dashboard from its first day.
 */
export function systemDashboard(
  name: string,
  { title, services: shown }: { title: string; services?: string[] | undefined },
  model: Model,
): Record<string, unknown> {
  const services = Object.entries(model.services).filter(([service]) => !shown || shown.includes(service));
  const routed = services.filter(([service]) =>
    Object.values(model.ingresses).some(({ routes }) => routes.some((route) => route.service === service)),
  );
  const rows: Row[] = [
    overview(model, routed.length > 0),
    ...(routed.length
      ? [
          traffic(
            model.namespace,
            routed.map(([service, spec]) => serviceHost(service, spec)),
          ),
        ]
      : []),
    ...services.map(([service, spec]) => serviceRow(service, spec, model)),
    ...(shown ? [] : Object.entries(model.data).flatMap(([store, spec]) => dataRow(store, spec, model))),
  ];
  // Grafana takes at most 40 characters.
  const uid = `${model.namespace}-${name}`.slice(0, 40);
  return grafanaDashboard(uid, `${title} (${model.namespace})`, ["keelson", model.name], rows);
}

function overview({ namespace, services }: Model, routed: boolean): Row {
  const here = { namespace };
  const kinds = [...new Set(Object.values(services).map(({ kind }) => kind))].sort();
  const count = (which: "wanted" | "ready") =>
    kinds.map((kind) => `(sum(${select(replicaMetrics[kind][which], here)}) or vector(0))`).join(" + ");
  const stat = (title: string, unit: string, expr: string, legend = ""): Panel => ({
    title,
    kind: "stat",
    unit,
    width: 6,
    queries: [{ expr, legend }],
  });
  return {
    title: "Overview",
    panels: [
      {
        ...stat("Pods of services", "short", count("ready"), "serving"),
        queries: [
          { expr: count("ready"), legend: "serving" },
          { expr: count("wanted"), legend: "wanted" },
        ],
      },
      stat("Alerts", "short", `sum(${select("ALERTS", { ...here, alertstate: "firing" })}) or vector(0)`),
      stat(
        "Restarts in a day",
        "short",
        `sum(increase(${select("kube_pod_container_status_restarts_total", here)}[1d]))`,
      ),
      ...(routed
        ? [
            stat(
              "Certificates last",
              "s",
              `min(${select("certmanager_certificate_expiration_timestamp_seconds", here)}) - time()`,
            ),
          ]
        : []),
    ],
  };
}

function traffic(namespace: string, hosts: string[]): Row {
  const from = { namespace, service: anyOf(hosts) };
  const requests = (matchers: Matchers = {}) =>
    `sum by (service) (rate(${select("nginx_ingress_controller_requests", { ...from, ...matchers })}[${window}]))`;
  const buckets = select("nginx_ingress_controller_request_duration_seconds_bucket", from);
  return {
    title: "Traffic from outside",
    panels: [
      line("Requests", "reqps", [{ expr: requests(), legend: "{{service}}" }]),
      line("Errors", "percentunit", [
        { expr: `${requests({ status: "~5.." })} / ${requests()}`, legend: "{{service}}" },
      ]),
      line(
        "Latency",
        "s",
        [0.5, 0.95, 0.99].map((quantile) => ({
          expr: `histogram_quantile(${quantile}, sum by (service, le) (rate(${buckets}[${window}])))`,
          legend: `{{service}} p${quantile * 100}`,
        })),
      ),
    ],
  };
}

function serviceRow(name: string, service: Service, { namespace }: Model): Row {
  const { label, wanted, ready } = replicaMetrics[service.kind];
  const own = { namespace, container: service.containerName ?? name };
  // Both colours of a blue-green release are one service.
  const workload = { namespace, [label]: service.blueGreen ? `~${name}-(blue|green)` : name };
  const scaler = { namespace, horizontalpodautoscaler: `${name}-hpa` };
  const { metrics, autoscaling } = service;
  return {
    title: `Service ${name}`,
    panels: [
      ...resourcePanels(own),
      line("Pods", "short", [
        { expr: `sum(${select(ready, workload)})`, legend: "serving" },
        { expr: `sum(${select(wanted, workload)})`, legend: "wanted" },
        ...(autoscaling
          ? [{ expr: select("kube_horizontalpodautoscaler_spec_max_replicas", scaler), legend: "most" }]
          : []),
      ]),
      line("Restarts", "short", [
        {
          expr: `sum by (pod) (increase(${select("kube_pod_container_status_restarts_total", own)}[${window}]))`,
          legend: "{{pod}}",
        },
      ]),
      networkPanel(namespace, `~${podPattern(name, service)}`),
      ...(metrics
        ? [
            line("Scrapes answered", "percentunit", [
              { expr: `avg(${select("up", { namespace, job: serviceHost(name, service) })})`, legend: "share" },
            ]),
          ]
        : []),
    ],
  };
}

/** Names of a workload's pods, as its controller makes them. */
function podPattern(name: string, { kind, blueGreen }: Service): string {
  const base = blueGreen ? `${name}-(blue|green)` : name;
  if (kind === "StatefulSet") return `${base}-[0-9]+`;
  return kind === "DaemonSet" ? `${base}-[a-z0-9]{5}` : `${base}-[a-z0-9]+-[a-z0-9]{5}`;
}

function dataRow(name: string, store: Model["data"][string], { namespace }: Model): Row[] {
  if (store.existing) return [];
  // The chart calls a StatefulSet as it calls its Service, whatever the name that the model asks for.
  const sets = dataStoreEndpoints(name, store).map(({ host, chartHost = host }) => `${chartHost}-[0-9]+`);
  const own = { namespace, pod: `~${sets.join("|")}`, container: store.engine };
  const claims = { namespace, persistentvolumeclaim: `~.*${name}-.*[0-9]+` };
  const free = select("kubelet_volume_stats_available_bytes", claims);
  const all = select("kubelet_volume_stats_capacity_bytes", claims);
  return [
    {
      title: `Data store ${name}`,
      panels: [
        ...resourcePanels(own),
        line("Disk in use", "percentunit", [{ expr: `1 - ${free} / ${all}`, legend: "{{persistentvolumeclaim}}" }]),
        networkPanel(namespace, own.pod),
      ],
    },
  ];
}

function resourcePanels(own: Matchers): Panel[] {
  const bound = (kind: "requests" | "limits", resource: string): Query => ({
    expr: `max(${select(`kube_pod_container_resource_${kind}`, { ...own, resource })})`,
    legend: kind === "requests" ? "request" : "limit",
  });
  return [
    line("Cpu", "short", [
      {
        expr: `sum by (pod) (rate(${select("container_cpu_usage_seconds_total", own)}[${window}]))`,
        legend: "{{pod}}",
      },
      bound("requests", "cpu"),
      bound("limits", "cpu"),
    ]),
    line("Memory", "bytes", [
      { expr: `max by (pod) (${select("container_memory_working_set_bytes", own)})`, legend: "{{pod}}" },
      bound("requests", "memory"),
      bound("limits", "memory"),
    ]),
  ];
}

function networkPanel(namespace: string, pod: string): Panel {
  const sum = (metric: string) => `sum(rate(${select(metric, { namespace, pod })}[${window}]))`;
  return line("Network", "Bps", [
    { expr: sum("container_network_receive_bytes_total"), legend: "in" },
    { expr: sum("container_network_transmit_bytes_total"), legend: "out" },
  ]);
}

function line(title: string, unit: string, queries: Query[]): Panel {
  return { title, kind: "timeseries", unit, width: 8, queries };
}
