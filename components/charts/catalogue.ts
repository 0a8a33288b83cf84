import type { Image } from "../model/image.ts";

/** One upstream chart: where it is published, in which version, and the images it runs. */
export interface ChartEntry {
  /** Name of the chart in every repository, mirror and folder. */
  name: string;
  /** Version as the repository spells it. */
  version: string;
  /** Where its publisher offers it: an `https://` Helm repository, or the OCI folder that holds the chart. */
  repository: string;
  /** Images by the part that runs them. */
  images: Record<string, Image>;
}

/**
 * Every chart that Keelson installs, and the versions it was tried with. Bitnami's images: `docker.io/bitnami` keeps no
 * versioned tag since 2025-09, the last ones lie frozen in `docker.io/bitnamilegacy` (bitnami/containers#83267).
 */
export const catalogue = {
  postgresql: {
    name: "postgresql",
    version: "17.1.0",
    repository: "oci://registry-1.docker.io/bitnamicharts",
    images: { postgresql: { repository: "docker.io/bitnamilegacy/postgresql", tag: "17.6.0-debian-12-r4" } },
  },
  redis: {
    name: "redis",
    version: "23.1.1",
    repository: "oci://registry-1.docker.io/bitnamicharts",
    images: { redis: { repository: "docker.io/bitnamilegacy/redis", tag: "8.2.1-debian-12-r0" } },
  },
  monitoring: {
    name: "kube-prometheus-stack",
    version: "88.5.3",
    repository: "https://prometheus-community.github.io/helm-charts",
    // A dozen, in versions that were tried together: the chart's own, from a registry of one's own where one is set.
    images: {} as Record<string, Image>,
  },
  ingressNginx: {
    name: "ingress-nginx",
    version: "4.15.1",
    repository: "https://kubernetes.github.io/ingress-nginx",
    images: {
      controller: {
        repository: "registry.k8s.io/ingress-nginx/controller",
        tag: "v1.15.1",
        // The chart's own values.yaml.
        digest: "sha256:594ceea76b01c592858f803f9ff4d2cb40542cae2060410b2c95f75907d659e1",
      },
    },
  },
  velero: {
    name: "velero",
    version: "12.1.0",
    repository: "https://vmware-tanzu.github.io/helm-charts",
    images: {
      server: { repository: "docker.io/velero/velero", tag: "v1.18.1" },
      // Each minor version of Velero has one of the plugin (velero-plugin-for-aws, README "Compatibility").
      awsPlugin: { repository: "docker.io/velero/velero-plugin-for-aws", tag: "v1.14.2" },
    },
  },
  externalSecrets: {
    name: "external-secrets",
    version: "2.9.0",
    repository: "https://charts.external-secrets.io",
    images: { operator: { repository: "ghcr.io/external-secrets/external-secrets", tag: "v2.9.0" } },
  },
} satisfies Record<string, ChartEntry>;

/** cert-manager in one of its versions: chart and images carry the same number. */
export function certManagerEntry(version: string): ChartEntry {
  const image = (part: string): Image => ({ repository: `quay.io/jetstack/cert-manager-${part}`, tag: `v${version}` });
  return {
    name: "cert-manager",
    version: `v${version}`,
    repository: "https://charts.jetstack.io",
    images: {
      controller: image("controller"),
      webhook: image("webhook"),
      cainjector: image("cainjector"),
      acmesolver: image("acmesolver"),
    },
  };
}
