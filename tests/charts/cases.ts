import { postgresqlValues } from "../../components/data/postgresql-values.ts";
import { redisValues } from "../../components/data/redis-values.ts";
import { certManagerValues } from "../../components/edge/cert-manager-values.ts";
import { ingressNginxRelease, ingressNginxValues } from "../../components/edge/ingress-nginx-values.ts";
import {
  certManagerSchema,
  externalSecretsSchema,
  ingressNginxSchema,
  monitoringSchema,
} from "../../components/model/addons.ts";
import { postgresqlSchema, redisSchema } from "../../components/model/data-store.ts";
import { veleroSchema } from "../../components/model/velero.ts";
import { monitoringValues } from "../../components/observability/monitoring-values.ts";
import { veleroValues } from "../../components/operations/velero-values.ts";
import { externalSecretsValues } from "../../components/security/external-secrets-values.ts";
import type { ContractCase } from "./contract.ts";

/** A chart in one version, and the uses that components make of it. */
export interface ChartCases {
  /** Folder of the stand-in, and of the real chart where it is the only version there. */
  chart: string;
  version: string;
  cases: Record<string, ContractCase>;
}

const small = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } };
const large = { requests: { cpu: "1000m", memory: "2Gi" }, limits: { cpu: "2000m", memory: "4Gi" } };
const storage = { size: "50Gi", class: "standard" };
const options = { registry: "registry.example.com/mirror", pullSecrets: ["pull-secret"] };
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

const postgres = {
  engine: "postgresql",
  database: "codelab",
  username: "codelab",
  connectionSecret: { name: "postgres-secret" },
} as const;
const redis = { engine: "redis", connectionSecret: { name: "redis-secret" } } as const;

/** What is rendered of each chart: the smallest use, the largest, and the largest with every image and registry changed. */
export const chartCases: ChartCases[] = [
  {
    chart: "postgresql",
    version: "17.1.0",
    cases: {
      dev: postgresql("postgres", { ...postgres, resources: small, storage: { size: "2Gi" } }),
      prod: postgresql(
        "postgres",
        {
          ...postgres,
          architecture: "replication",
          resources: large,
          storage,
          readReplicas: { count: 2, storage, resources: large },
        },
        options,
      ),
      digest: postgresql("db", {
        ...postgres,
        image: { repository: "registry.example.com/postgresql", tag: "17", digest },
      }),
    },
  },
  {
    chart: "redis",
    version: "23.1.1",
    cases: {
      dev: redisCase("redis", { ...redis, resources: small, storage: { size: "1Gi" } }),
      prod: redisCase(
        "redis",
        {
          ...redis,
          architecture: "replication",
          resources: large,
          storage,
          replicas: { count: 2, storage, resources: large },
        },
        options,
      ),
      digest: redisCase("cache", { ...redis, image: { repository: "registry.example.com/redis", tag: "8", digest } }),
    },
  },
  ...["1.21.1", "1.13.0"].map((version) => ({
    chart: "cert-manager",
    version: `v${version}`,
    cases: {
      dev: certManager({ version }),
      prod: certManager({ version, highAvailability: true }, options),
    },
  })),
  {
    chart: "velero",
    version: "12.1.0",
    cases: {
      dev: velero({ bucket: "shop-backups", region: "eu-central-1", endpoint: "https://s3.example.com" }),
      prod: velero({ bucket: "codelab-backups", region: "us-east-1", prefix: "prod" }, options),
    },
  },
  {
    chart: "external-secrets",
    version: "2.9.0",
    cases: { dev: externalSecrets({}), prod: externalSecrets({ highAvailability: true }, options) },
  },
  {
    chart: "ingress-nginx",
    version: "4.15.1",
    cases: {
      dev: ingressNginx({}),
      prod: ingressNginx({ highAvailability: true, metrics: true }, options),
      fork: ingressNginx({
        class: "public",
        image: { repository: "ghcr.io/forkline/ingress-nginx", tag: "2026.7.20" },
        service: {
          type: "NodePort",
          annotations: { "service.beta.kubernetes.io/aws-load-balancer-type": "nlb" },
          externalTrafficPolicy: "Local",
        },
      }),
    },
  },
  {
    chart: "kube-prometheus-stack",
    version: "88.5.3",
    cases: {
      dev: monitoring({}),
      prod: monitoring({ highAvailability: true, nodeMetrics: true, storage }, options),
    },
  },
];

function postgresql(release: string, store: Parameters<typeof postgresqlSchema.parse>[0], given = {}): ContractCase {
  return { release, namespace: "codelab", values: postgresqlValues(release, postgresqlSchema.parse(store), given) };
}

function redisCase(release: string, store: Parameters<typeof redisSchema.parse>[0], given = {}): ContractCase {
  return { release, namespace: "codelab", values: redisValues(release, redisSchema.parse(store), given) };
}

function certManager(addon: Parameters<typeof certManagerSchema.parse>[0], given = {}): ContractCase {
  return {
    release: "cert-manager",
    namespace: "cert-manager",
    values: certManagerValues({ ...certManagerSchema.parse(addon), ...given }),
  };
}

function ingressNginx(addon: Parameters<typeof ingressNginxSchema.parse>[0], given = {}): ContractCase {
  const options = ingressNginxSchema.parse(addon);
  return {
    release: ingressNginxRelease(options.class),
    namespace: "ingress-nginx",
    values: ingressNginxValues({ ...options, ...given }),
  };
}

function monitoring(addon: Parameters<typeof monitoringSchema.parse>[0], given = {}): ContractCase {
  return {
    release: "prometheus",
    namespace: "monitoring",
    values: monitoringValues({ ...monitoringSchema.parse(addon), ...given }),
  };
}

function velero(addon: Parameters<typeof veleroSchema.parse>[0], given = {}): ContractCase {
  return {
    release: "velero",
    namespace: "velero",
    values: veleroValues({ ...veleroSchema.parse(addon), ...given }),
  };
}

function externalSecrets(addon: Parameters<typeof externalSecretsSchema.parse>[0], given = {}): ContractCase {
  return {
    release: "external-secrets",
    namespace: "external-secrets",
    values: externalSecretsValues({ ...externalSecretsSchema.parse(addon), ...given }),
  };
}
