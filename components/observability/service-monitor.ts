import { selectorLabels, standardLabels } from "../model/names.ts";
import type { Service } from "../model/service.ts";
import type { MonitoringObject } from "./monitoring-object.ts";

/** What of a system its monitors are made of. */
export interface MonitoredSystem {
  /** Value of app.kubernetes.io/instance. */
  name: string;
  namespace: string;
  /** Labels by which Prometheus finds monitors and rules. */
  labels: Record<string, string>;
}

/**
 * The ServiceMonitor of a service that declares metrics: it selects the service's one Service, whose name is then the label
 * `job`. Other Services of the same pods, such as a StatefulSet's headless one, have a name label of their own.
 */
export function serviceMonitor(name: string, service: Service, system: MonitoredSystem): MonitoringObject | undefined {
  const { metrics, labels, component } = service;
  if (!metrics) return undefined;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: {
      name,
      namespace: system.namespace,
      labels: { ...standardLabels(name, system.name, { component }), ...labels, ...system.labels },
    },
    spec: {
      selector: { matchLabels: { ...selectorLabels(name, system.name), ...labels } },
      endpoints: [{ port: metrics.port, path: metrics.path, interval: metrics.interval }],
    },
  };
}
