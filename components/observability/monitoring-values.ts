import type { ChartValues } from "../charts/chart.ts";
import type { MonitoringAddon } from "../model/addons.ts";
import { grafanaSecretName } from "../model/monitoring.ts";
import { nodeExporterNamespace } from "../model/namespace-checks.ts";
import { parseQuantity, type Resources, resourceRequirements } from "../model/quantity.ts";

/** What kube-prometheus-stack's chart is made of. */
export interface MonitoringOptions extends Omit<MonitoringAddon, "ownership" | "labels"> {
  /** Registry that replaces the images' own, path kept. */
  registry?: string | undefined;
  /** Names of existing image pull Secrets. */
  pullSecrets?: string[] | undefined;
}

/** Release name, and with it the Service prometheus-grafana, which the documents forward a port to. */
export const monitoringRelease = "prometheus";

/** The Secret with Grafana's administrator, and its keys. */
export const grafanaSecret = { name: grafanaSecretName, user: "admin-user", password: "admin-password" } as const;

/** Label and value by which Grafana's sidecar finds dashboards. */
export const dashboardLabel = { grafana_dashboard: "1" };

/** Port on which Grafana's sidecar says that it lives; the chart gives it to the process and to no probe. */
const sidecarPort = 8084;

/** The chart gives its parts nothing. These are enough for some hundred pods; Prometheus' own are a setting. */
const resources = {
  operator: limits("50m", "128Mi", "500m", "512Mi"),
  reloader: limits("10m", "32Mi", "100m", "64Mi"),
  alertmanager: limits("25m", "64Mi", "250m", "256Mi"),
  stateMetrics: limits("25m", "128Mi", "500m", "512Mi"),
  nodeExporter: limits("50m", "32Mi", "250m", "128Mi"),
  grafana: limits("100m", "256Mi", "1000m", "1Gi"),
  sidecar: limits("25m", "96Mi", "250m", "256Mi"),
} satisfies Record<string, Resources>;

function limits(cpu: string, memory: string, maxCpu: string, maxMemory: string): Resources {
  return { requests: { cpu, memory }, limits: { cpu: maxCpu, memory: maxMemory } };
}

/** The values of kube-prometheus-stack's chart (88.x). */
export function monitoringValues(options: MonitoringOptions): ChartValues {
  const { namespace, highAvailability, storage, retention, nodeMetrics, registry, pullSecrets = [] } = options;
  const claim = (size: string): ChartValues => ({
    volumeClaimTemplate: {
      spec: {
        ...(storage.class ? { storageClassName: storage.class } : {}),
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: size } },
      },
    },
  });
  return {
    global: {
      ...(registry ? { imageRegistry: registry } : {}),
      imagePullSecrets: pullSecrets.map((name) => ({ name })),
    },
    // Their ports are bound to loopback or belong to the provider of the cluster: alerts that they are down would never end.
    kubeControllerManager: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeEtcd: { enabled: false },
    kubeProxy: { enabled: false },
    prometheusOperator: {
      admissionWebhooks: {
        enabled: true,
        // Rules come in the same update as the operator that judges them. It judges them again when it reads them.
        failurePolicy: "Ignore",
        // The chart's own certificates come from Helm hooks, which helm.v4.Chart drops.
        certManager: { enabled: true },
        patch: { enabled: false },
      },
      resources: resourceRequirements(resources.operator),
      // Its pods are made by the operator, so this is the only place to say it.
      prometheusConfigReloader: { resources: resourceRequirements(resources.reloader), enableProbe: true },
    },
    prometheus: {
      prometheusSpec: {
        // Without these it finds only what carries the label release: prometheus.
        serviceMonitorSelectorNilUsesHelmValues: false,
        podMonitorSelectorNilUsesHelmValues: false,
        probeSelectorNilUsesHelmValues: false,
        ruleSelectorNilUsesHelmValues: false,
        scrapeConfigSelectorNilUsesHelmValues: false,
        replicas: highAvailability ? 2 : 1,
        retention,
        // A full disk stops Prometheus; it drops its oldest before.
        retentionSize: `${Math.floor(((parseQuantity(storage.size) ?? 0) / 1024 ** 2) * 0.85)}MiB`,
        resources: resourceRequirements(options.resources),
        storageSpec: claim(storage.size),
      },
      ...(highAvailability ? { podDisruptionBudget: { enabled: true } } : {}),
    },
    alertmanager: {
      alertmanagerSpec: {
        replicas: highAvailability ? 2 : 1,
        resources: resourceRequirements(resources.alertmanager),
        storage: claim("1Gi"),
      },
      ...(highAvailability ? { podDisruptionBudget: { enabled: true } } : {}),
    },
    "kube-state-metrics": { resources: resourceRequirements(resources.stateMetrics) },
    nodeExporter: { enabled: nodeMetrics },
    ...(nodeMetrics
      ? {
          "prometheus-node-exporter": {
            namespaceOverride: nodeExporterNamespace(namespace),
            resources: resourceRequirements(resources.nodeExporter),
            // It reads the host's files and shares nothing else with it. What it loses is the traffic of the nodes' own interfaces.
            hostNetwork: false,
            hostPID: false,
            containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          },
        }
      : {}),
    grafana: grafana(`${monitoringRelease}-kube-prometheus`),
  };
}

function grafana(services: string): ChartValues {
  const healthy: ChartValues = {
    httpGet: { path: "/healthz", port: sidecarPort },
    periodSeconds: 10,
    timeoutSeconds: 5,
  };
  const source = (name: string, type: string, port: number, more: ChartValues): ChartValues => ({
    name,
    uid: type,
    type,
    url: `http://${services}-${type}:${port}/`,
    access: "proxy",
    ...more,
  });
  return {
    admin: {
      existingSecret: grafanaSecret.name,
      userKey: grafanaSecret.user,
      passwordKey: grafanaSecret.password,
    },
    resources: resourceRequirements(resources.grafana),
    containerSecurityContext: { readOnlyRootFilesystem: true },
    extraEmptyDirMounts: [{ name: "tmp", mountPath: "/tmp" }],
    // A Helm hook.
    testFramework: { enabled: false },
    // Dashboards are looked for in its own namespace: the chart's default reads every Secret of the cluster.
    rbac: { namespaced: true },
    "grafana.ini": {
      // Nothing of these is reachable from here, and Grafana would wait for them.
      analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
      plugins: { preinstall_disabled: true },
      news: { news_feed_enabled: false },
      security: { disable_gravatar: true },
    },
    sidecar: {
      resources: resourceRequirements(resources.sidecar),
      securityContext: { readOnlyRootFilesystem: true },
      livenessProbe: healthy,
      readinessProbe: healthy,
      dashboards: { searchNamespace: "", resource: "configmap" },
      // One sidecar less: both sources are known, and the two would share the probes above but not their port.
      datasources: { enabled: false },
    },
    datasources: {
      "datasources.yaml": {
        apiVersion: 1,
        datasources: [
          source("Prometheus", "prometheus", 9090, {
            isDefault: true,
            jsonData: { httpMethod: "POST", timeInterval: "30s" },
          }),
          source("Alertmanager", "alertmanager", 9093, { jsonData: { implementation: "prometheus" } }),
        ],
      },
    },
  };
}
