import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { standardLabels } from "../model/names.ts";
import type { PlatformModel } from "../model/system.ts";
import { prometheusRules } from "./alerts.ts";
import { systemDashboard } from "./dashboards.ts";
import { dashboardLabel } from "./monitoring-values.ts";
import { serviceMonitor } from "./service-monitor.ts";

export interface SystemMonitoringArgs {
  /** The system in one environment. */
  model: PlatformModel;
}

/**
 * How a system is watched: a ServiceMonitor for each service that declares metrics, PrometheusRules and dashboards. Nothing is
 * made where the system relies on no monitoring. Depend on what installs it.
 */
export class SystemMonitoring extends pulumi.ComponentResource {
  constructor(name: string, { model }: SystemMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:observability:SystemMonitoring", name, {}, opts);
    const { monitoring } = model.addons;
    const child = { parent: this };
    if (monitoring) {
      const system = { name: model.name, namespace: model.namespace, labels: monitoring.labels };
      for (const [service, spec] of Object.entries(model.services)) {
        const monitor = serviceMonitor(service, spec, system);
        if (monitor) new k8s.apiextensions.CustomResource(`${name}-${service}`, { ...monitor }, child);
      }
      for (const rule of prometheusRules(model, system))
        new k8s.apiextensions.CustomResource(`${name}-${rule.metadata.name}`, { ...rule }, child);
      for (const [dashboard, shown] of Object.entries(model.dashboards)) {
        const object = dashboardName(dashboard, model);
        new k8s.core.v1.ConfigMap(
          `${name}-${dashboard}`,
          {
            metadata: {
              name: object,
              namespace: monitoring.namespace,
              labels: { ...standardLabels(dashboard, model.name, { component: "dashboard" }), ...dashboardLabel },
            },
            data: { [`${object}.json`]: `${JSON.stringify(systemDashboard(dashboard, shown, model), null, 1)}\n` },
          },
          child,
        );
      }
    }
    this.registerOutputs();
  }
}

/** Dashboards of all environments lie in one namespace; those of prod have the documented names. */
function dashboardName(name: string, { environment }: Pick<PlatformModel, "environment">): string {
  return environment === "prod" ? name : `${name}-${environment}`;
}
