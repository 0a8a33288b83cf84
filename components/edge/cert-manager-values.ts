import { certManagerEntry } from "../charts/catalogue.ts";
import type { ChartValues } from "../charts/chart.ts";
import { chosenImage } from "../charts/images.ts";
import type { CertManagerAddon } from "../model/addons.ts";
import { type Resources, resourceRequirements } from "../model/quantity.ts";

/** What cert-manager's chart is made of. */
export interface CertManagerOptions extends Pick<CertManagerAddon, "version" | "namespace" | "highAvailability"> {
  /** Registry that replaces the images' own, path kept. */
  registry?: string | undefined;
  /** Names of existing image pull Secrets. */
  pullSecrets?: string[] | undefined;
}

/** Release name, and with it the name of every object: what cert-manager's own documentation and its tools expect. */
export const certManagerRelease = "cert-manager";

/** Enough for some hundred certificates; the chart gives its containers nothing (cert-manager.io, "Best practice"). */
const resources: Record<"controller" | "webhook" | "cainjector", Resources> = {
  controller: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  webhook: { requests: { cpu: "25m", memory: "64Mi" }, limits: { cpu: "250m", memory: "256Mi" } },
  cainjector: { requests: { cpu: "25m", memory: "128Mi" }, limits: { cpu: "250m", memory: "512Mi" } },
};

/** The port of the cainjector that a probe can reach: metrics since 1.16; before, it opens none but the profiler's. */
export function cainjectorPort(version: string): number {
  return minor(version) >= 16 ? 9402 : 6060;
}

/** The values of cert-manager's chart, 1.13 to 1.21: the CRDs' key changed at 1.15, and 1.21 refuses keys that it does not know. */
export function certManagerValues(options: CertManagerOptions): ChartValues {
  const { version, namespace, highAvailability, registry, pullSecrets = [] } = options;
  const { images } = certManagerEntry(version);
  const image = (part: string): ChartValues => {
    const entry = images[part];
    if (!entry) throw new Error(`cert-manager has no part "${part}"`);
    const { repository, tag, digest } = chosenImage(entry, undefined, registry);
    return { image: { repository, ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) } };
  };
  const part = (name: "controller" | "webhook" | "cainjector", replicas: number): ChartValues => ({
    replicaCount: highAvailability ? replicas : 1,
    ...image(name),
    resources: resourceRequirements(resources[name]),
    containerSecurityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
    podDisruptionBudget: highAvailability ? { enabled: true, maxUnavailable: 1 } : { enabled: false },
    ...(highAvailability ? { topologySpreadConstraints: [spread(name)] } : {}),
  });
  return {
    // "keep" would leave the CRDs behind on destroy, and the next `up` would fail on them with AlreadyExists.
    ...(minor(version) >= 15 ? { crds: { enabled: true, keep: false } } : { installCRDs: true }),
    global: { imagePullSecrets: pullSecrets.map((name) => ({ name })), leaderElection: { namespace } },
    ...part("controller", 2),
    livenessProbe: { enabled: true },
    webhook: part("webhook", 3),
    cainjector: {
      ...part("cainjector", 2),
      // Without an open port nothing can probe it. Network policies keep every other pod out.
      ...(minor(version) < 16
        ? { extraArgs: ["--enable-profiling=true", `--profiler-address=0.0.0.0:${cainjectorPort(version)}`] }
        : {}),
    },
    acmesolver: image("acmesolver"),
    extraArgs: [
      "--acme-http01-solver-resource-request-cpu=10m",
      "--acme-http01-solver-resource-request-memory=64Mi",
      "--acme-http01-solver-resource-limits-cpu=100m",
      "--acme-http01-solver-resource-limits-memory=64Mi",
    ],
    // A Helm hook, which helm.v4.Chart drops anyway.
    startupapicheck: { enabled: false },
  };
}

function spread(part: "controller" | "webhook" | "cainjector"): ChartValues {
  return {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: certManagerLabels(part) },
  };
}

/** Labels of the pods of one part of cert-manager. */
export function certManagerLabels(part: "controller" | "webhook" | "cainjector"): Record<string, string> {
  return {
    "app.kubernetes.io/name": part === "controller" ? "cert-manager" : part,
    "app.kubernetes.io/instance": certManagerRelease,
    "app.kubernetes.io/component": part,
  };
}

function minor(version: string): number {
  return Number(version.split(".")[1]);
}
