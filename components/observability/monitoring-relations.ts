import type { Addons } from "../model/addons.ts";
import { nodeExporterNamespace } from "../model/namespace-checks.ts";
import { serviceGroup } from "../model/platform-relations.ts";
import type { PodGroup, Relation, RelationPort } from "../model/relations.ts";
import type { PlatformModel } from "../model/system.ts";
import { monitoringRelease } from "./monitoring-values.ts";

/** Prometheus' pods, ours or present; the operator labels them so. Undefined where the system relies on none. */
export function prometheus({ monitoring }: Pick<Addons, "monitoring">): PodGroup | undefined {
  return monitoring && prometheusGroup(monitoring.namespace);
}

/** Prometheus' pods in a namespace. */
export function prometheusGroup(namespace: string): PodGroup {
  return { id: "prometheus", namespace, labels: { "app.kubernetes.io/name": "prometheus" } };
}

/** Prometheus asks the services that declare metrics. */
export function scrapeRelations(model: Pick<PlatformModel, "name" | "namespace" | "services" | "addons">): Relation[] {
  const from = prometheus(model.addons);
  if (!from) return [];
  return Object.entries(model.services).flatMap(([name, service]): Relation[] => {
    const port = service.ports.find((one) => one.name === service.metrics?.port);
    return port ? [{ from, to: serviceGroup(name, model), ports: [{ port: port.port }], note: "metrics" }] : [];
  });
}

/** What the parts of a monitoring of ours say to each other, to the cluster and to the world. */
export function monitoringRelations(addons: Pick<Addons, "monitoring" | "metricsAdapter">): Relation[] {
  const { monitoring, metricsAdapter } = addons;
  const server = prometheus(addons);
  if (monitoring?.ownership !== "own" || !server) return [];
  const { namespace } = monitoring;
  const group = (id: string, name: string, within = namespace): PodGroup => ({
    id,
    namespace: within,
    labels: { "app.kubernetes.io/name": name },
  });
  const operator: PodGroup = {
    id: "prometheus-operator",
    namespace,
    labels: { app: "kube-prometheus-stack-operator", release: monitoringRelease },
  };
  const alertmanager = group("alertmanager", "alertmanager");
  const state = group("kube-state-metrics", "kube-state-metrics");
  const grafana = group("grafana", "grafana");
  const adapter = metricsAdapter && group("prometheus-adapter", "prometheus-adapter", metricsAdapter.namespace);

  const ask = (from: PodGroup, to: PodGroup, ...ports: number[]): Relation => ({ from, to, ports: tcp(ports) });
  const scrape = (to: PodGroup, ...ports: number[]): Relation => ({ ...ask(server, to, ...ports), note: "metrics" });
  return [
    ...[server, operator, state, grafana].map(
      (from): Relation => ({ from, to: "api-server", ports: [], note: "Kubernetes API" }),
    ),
    { from: "control-plane", to: operator, ports: tcp([10250]), note: "webhook" },
    scrape(server, 9090, 8080),
    scrape(alertmanager, 9093, 8080),
    scrape(operator, 10250),
    scrape(state, 8080),
    scrape(grafana, 3000),
    { from: server, to: "dns", ports: tcp([9153]), note: "metrics" },
    // Kubelets answer at their nodes' own addresses.
    { from: server, to: "nodes", ports: tcp([10250]), note: "metrics" },
    { from: alertmanager, to: alertmanager, ports: [...tcp([9094]), { port: 9094, protocol: "UDP" }], note: "gossip" },
    { from: alertmanager, to: "internet", ports: tcp([443]), note: "notifications" },
    ask(grafana, server, 9090),
    ask(grafana, alertmanager, 9093),
    ...(monitoring.nodeMetrics
      ? [scrape(group("node-exporter", "prometheus-node-exporter", nodeExporterNamespace(namespace)), 9100)]
      : []),
    ...(adapter ? [{ ...ask(adapter, server, 9090), note: "metrics for autoscalers" }] : []),
    // In a namespace of ours it would be cut off from what it is for.
    ...(adapter?.namespace === namespace
      ? ([
          { from: adapter, to: "api-server", ports: [], note: "Kubernetes API" },
          { from: "control-plane", to: adapter, ports: tcp([6443]), note: "metrics API" },
        ] satisfies Relation[])
      : []),
  ];
}

function tcp(ports: number[]): RelationPort[] {
  return ports.map((port) => ({ port }));
}
