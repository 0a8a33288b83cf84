/** An object of the Prometheus operator of which everything is known. */
export interface MonitoringObject {
  apiVersion: "monitoring.coreos.com/v1";
  kind: "ServiceMonitor" | "PodMonitor" | "PrometheusRule";
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  spec: Record<string, unknown>;
}
