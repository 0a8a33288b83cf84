import { catalogue } from "../charts/catalogue.ts";
import type { ChartValues } from "../charts/chart.ts";
import type { ExternalSecretsAddon } from "../model/addons.ts";
import { fromRegistry } from "../model/image.ts";
import { type Resources, resourceRequirements } from "../model/quantity.ts";

/** What the chart of External Secrets Operator is made of. */
export interface ExternalSecretsOptions extends Pick<ExternalSecretsAddon, "highAvailability"> {
  /** Registry that replaces the image's own, path kept. */
  registry?: string | undefined;
  /** Names of existing image pull Secrets. */
  pullSecrets?: string[] | undefined;
}

/** Release name, and with it the name of every object. */
export const externalSecretsRelease = "external-secrets";

/** The parts of the operator, each a Deployment: what reads the stores, what checks objects, what keeps the check's certificate. */
export const externalSecretsParts = ["controller", "webhook", "certController"] as const;
export type ExternalSecretsPart = (typeof externalSecretsParts)[number];

/** Port that the API server asks the webhook at. */
export const externalSecretsWebhookPort = 10250;
/** Port of each part's metrics. */
export const externalSecretsMetricsPort = 8080;

/** Enough for some hundred Secrets; the chart gives its containers nothing. */
const resources: Record<ExternalSecretsPart, Resources> = {
  controller: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  webhook: { requests: { cpu: "25m", memory: "64Mi" }, limits: { cpu: "250m", memory: "256Mi" } },
  certController: { requests: { cpu: "25m", memory: "128Mi" }, limits: { cpu: "250m", memory: "256Mi" } },
};

/** The values of the operator's chart (2.x). */
export function externalSecretsValues({
  highAvailability,
  registry,
  pullSecrets = [],
}: ExternalSecretsOptions): ChartValues {
  const { repository, tag } = fromRegistry(catalogue.externalSecrets.images.operator, registry);
  const part = (name: ExternalSecretsPart, replicas: number): ChartValues => ({
    replicaCount: highAvailability ? replicas : 1,
    image: { repository, tag: tag ?? "" },
    resources: resourceRequirements(resources[name]),
    livenessProbe: { enabled: true },
    readinessProbe: { enabled: true },
    ...(highAvailability && replicas > 1
      ? { podDisruptionBudget: { enabled: true, minAvailable: 1 }, topologySpreadConstraints: [spread(name)] }
      : {}),
  });
  return {
    global: { imagePullSecrets: pullSecrets.map((name) => ({ name })) },
    ...part("controller", 2),
    leaderElect: highAvailability,
    webhook: part("webhook", 2),
    // It renews a certificate once in months: one pod is enough.
    certController: part("certController", 1),
    // Nothing here writes into stores or makes Secrets in all namespaces; what may do so is not installed.
    crds: {
      createClusterExternalSecret: false,
      createClusterGenerator: false,
      createClusterPushSecret: false,
      createPushSecret: false,
    },
    processClusterExternalSecret: false,
    processClusterGenerator: false,
    processClusterPushSecret: false,
    processPushSecret: false,
    rbac: { servicebindings: { create: false } },
  };
}

function spread(part: ExternalSecretsPart): ChartValues {
  return {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: externalSecretsLabels(part) },
  };
}

const names: Record<ExternalSecretsPart, string> = {
  controller: "external-secrets",
  webhook: "external-secrets-webhook",
  certController: "external-secrets-cert-controller",
};

/** Labels of the pods of one part of the operator. */
export function externalSecretsLabels(part: ExternalSecretsPart): Record<string, string> {
  return { "app.kubernetes.io/name": names[part], "app.kubernetes.io/instance": externalSecretsRelease };
}
