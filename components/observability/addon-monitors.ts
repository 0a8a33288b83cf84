import { certManagerLabels } from "../edge/cert-manager-values.ts";
import { ingressNginxLabels, ingressNginxRelease } from "../edge/ingress-nginx-values.ts";
import type { Addons } from "../model/addons.ts";
import { standardLabels } from "../model/names.ts";
import type { MonitoringObject } from "./monitoring-object.ts";

/**
 * Monitors of the add-ons that a system relies on, beside its monitoring: cert-manager tells when certificates expire,
 * ingress-nginx what each route answers. Both name the objects that they speak of in labels of their own, which win.
 */
export function addonMonitors({ monitoring, certManager, ingressNginx }: Addons): MonitoringObject[] {
  if (!monitoring) return [];
  const monitor = (name: string, namespace: string, matchLabels: Record<string, string>, port: string) => ({
    apiVersion: "monitoring.coreos.com/v1" as const,
    kind: "PodMonitor" as const,
    metadata: {
      name,
      namespace: monitoring.namespace,
      labels: { ...standardLabels(name, "monitoring", { component: "monitor" }), ...monitoring.labels },
    },
    spec: {
      namespaceSelector: { matchNames: [namespace] },
      selector: { matchLabels },
      podMetricsEndpoints: [{ port, honorLabels: true, interval: "30s" }],
    },
  });
  return [
    ...(certManager
      ? [monitor("cert-manager", certManager.namespace, certManagerLabels("controller"), "http-metrics")]
      : []),
    ...(ingressNginx
      ? [
          monitor(
            ingressNginxRelease(ingressNginx.class),
            ingressNginx.namespace,
            ingressNginxLabels(ingressNginx.class),
            "metrics",
          ),
        ]
      : []),
  ];
}
