import { z } from "zod";
import { imageOverrideSchema } from "./image-override.ts";
import { labelsSchema, nameSchema } from "./names.ts";
import { partial } from "./partial.ts";
import { bytesSchema, resourcesOverrideSchema, resourcesWithDefault } from "./quantity.ts";
import { veleroOverrideSchema, veleroSchema } from "./velero.ts";

const ownershipSchema = z
  .enum(["own", "present"])
  .default("own")
  .describe(
    "own: this stack installs it, and removes it when it is destroyed. present: another stack does, and this one only relies on it.",
  );

const highAvailabilitySchema = z
  .boolean()
  .default(false)
  .describe("Several pods of each part, spread over nodes, with disruption budgets. Default: true in prod.");

/** cert-manager: certificates as objects. Exists once per cluster. */
export const certManagerSchema = z.strictObject({
  ownership: ownershipSchema,
  version: z
    .string()
    .regex(/^1\.(1[3-9]|2[01])\.\d+$/, {
      error: 'must be a cert-manager version from 1.13 to 1.21, such as "1.21.1", without "v"',
    })
    .default("1.21.1")
    .describe("Version of chart and images, 1.13 to 1.21: the ones whose values are known."),
  namespace: nameSchema.default("cert-manager"),
  highAvailability: highAvailabilitySchema,
});
export type CertManagerAddon = z.infer<typeof certManagerSchema>;

/** The issuers that exist in every cluster that a stack prepares. */
export const clusterIssuerNames = ["letsencrypt-staging", "letsencrypt-prod", "selfsigned"] as const;
export type ClusterIssuerName = (typeof clusterIssuerNames)[number];

/** ClusterIssuers. Each exists once per cluster. */
export const clusterIssuersSchema = z.strictObject({
  ownership: ownershipSchema,
  default: nameSchema
    .default("selfsigned")
    .describe(
      `ClusterIssuer that signs where an ingress names none: one of ${clusterIssuerNames.join(", ")}, or another that exists. Default: by environment.`,
    ),
  email: z.email().optional().describe("Address that Let's Encrypt may write to about the account. Default: none."),
});
export type ClusterIssuersAddon = z.infer<typeof clusterIssuersSchema>;

/** How the world reaches an ingress controller. */
const controllerServiceSchema = z.strictObject({
  type: z
    .enum(["LoadBalancer", "NodePort", "ClusterIP"])
    .default("LoadBalancer")
    .describe("Type of the controller's Service. ClusterIP where a load balancer reaches the pods itself."),
  annotations: z
    .record(z.string(), z.string())
    .default({})
    .describe("Annotations of the Service, by which a cloud makes the load balancer that is meant."),
  externalTrafficPolicy: z
    .enum(["Cluster", "Local"])
    .optional()
    .describe(
      "Local keeps the clients' addresses and passes nodes without a controller over. Default: Cluster. Not for ClusterIP.",
    ),
});

/** ingress-nginx: the controller behind IngressClass nginx. */
export const ingressNginxSchema = z.strictObject({
  ownership: ownershipSchema,
  namespace: nameSchema.default("ingress-nginx"),
  class: nameSchema
    .max(39, { error: "must have at most 39 characters: its controller's Helm release is called after it" })
    .default("nginx")
    .describe(
      "Name of the IngressClass; the controller of another than nginx is called after it, so that both can be there.",
    ),
  highAvailability: highAvailabilitySchema,
  image: imageOverrideSchema
    .optional()
    .describe("A maintained build of the controller in place of the retired project's; silences the warning."),
  metrics: z.boolean().default(false).describe("Whether the metrics port 10254 gets a Service."),
  service: controllerServiceSchema
    .refine(({ type, externalTrafficPolicy }) => type !== "ClusterIP" || !externalTrafficPolicy, {
      error: "must have no externalTrafficPolicy with type ClusterIP, which nobody outside reaches",
    })
    .prefault({})
    .describe("The Service by which the world reaches the controller."),
});
export type IngressNginxAddon = z.infer<typeof ingressNginxSchema>;

/** The Prometheus operator with Prometheus, Alertmanager and Grafana (kube-prometheus-stack). Exists once per cluster. */
export const monitoringSchema = z.strictObject({
  ownership: ownershipSchema,
  namespace: nameSchema.default("monitoring"),
  highAvailability: highAvailabilitySchema,
  storage: z
    .strictObject({ size: bytesSchema.default("50Gi"), class: nameSchema.optional() })
    .prefault({})
    .describe("Disk of each Prometheus. Class: the cluster's default."),
  retention: z
    .string()
    .regex(/^\d+[hdwy]$/, { error: 'must be a time such as "15d"' })
    .default("15d")
    .describe("How long metrics are kept."),
  resources: resourcesWithDefault({
    requests: { cpu: "250m", memory: "1Gi" },
    limits: { cpu: "2000m", memory: "4Gi" },
  }).describe("Resources of each Prometheus. Its memory grows with the number of pods."),
  nodeMetrics: z
    .boolean()
    .default(false)
    .describe(
      "A node-exporter on every node, in a privileged namespace of its own. It mounts the host's files, so the policy pack wants waivers for it.",
    ),
  labels: labelsSchema
    .default({ release: "prometheus" })
    .describe("Labels of monitors and rules, by which a Prometheus that is present finds them. Ours takes all."),
});
export type MonitoringAddon = z.infer<typeof monitoringSchema>;

/** External Secrets Operator: Secrets out of a secret store (Vault, a cloud's own). Exists once per cluster. */
export const externalSecretsSchema = z.strictObject({
  ownership: ownershipSchema,
  namespace: nameSchema.default("external-secrets"),
  highAvailability: highAvailabilitySchema,
});
export type ExternalSecretsAddon = z.infer<typeof externalSecretsSchema>;

const presentSchema = z
  .literal("present")
  .default("present")
  .describe("present: somebody else installs it. No stack does.");

/** metrics-server: what `kubectl top` and autoscaling by cpu and memory read. Managed clusters have one. */
export const metricsServerSchema = z.strictObject({ ownership: presentSchema });

/** The VerticalPodAutoscaler: its kinds, recommender, updater and webhook. */
export const verticalPodAutoscalerSchema = z.strictObject({ ownership: presentSchema });

/** What serves metrics of pods to autoscalers from Prometheus, such as prometheus-adapter. */
export const metricsAdapterSchema = z.strictObject({
  ownership: presentSchema,
  namespace: nameSchema.default("monitoring").describe("Namespace of its pods; a Prometheus of ours lets them ask."),
});

/** The cluster add-ons that a system relies on. One that is left out is not relied on. */
export const addonsSchema = z
  .strictObject({
    certManager: certManagerSchema.optional(),
    clusterIssuers: clusterIssuersSchema.optional(),
    ingressNginx: ingressNginxSchema.optional(),
    monitoring: monitoringSchema.optional(),
    metricsServer: metricsServerSchema.optional(),
    verticalPodAutoscaler: verticalPodAutoscalerSchema.optional(),
    metricsAdapter: metricsAdapterSchema.optional(),
    velero: veleroSchema.optional(),
    externalSecrets: externalSecretsSchema.optional(),
  })
  .default({});
export type Addons = z.infer<typeof addonsSchema>;

/** What an environment or a stack may change of the add-ons. Objects merge, lists and scalars replace. */
export const addonsOverrideSchema = z.strictObject({
  certManager: z
    .strictObject({
      ownership: ownershipSchema.unwrap().optional().describe("own or present."),
      version: certManagerSchema.shape.version.unwrap().optional(),
      namespace: nameSchema.optional(),
      highAvailability: z.boolean().optional().describe("Several pods of each part."),
    })
    .optional(),
  clusterIssuers: z
    .strictObject({
      ownership: ownershipSchema.unwrap().optional().describe("own or present."),
      default: nameSchema.optional().describe("ClusterIssuer that signs where an ingress names none."),
      email: z.email().optional().describe("Address that Let's Encrypt may write to."),
    })
    .optional(),
  ingressNginx: z
    .strictObject({
      ownership: ownershipSchema.unwrap().optional().describe("own or present."),
      namespace: nameSchema.optional(),
      class: nameSchema.optional().describe("Name of the IngressClass."),
      highAvailability: z.boolean().optional().describe("Several pods of each part."),
      image: imageOverrideSchema.optional(),
      metrics: z.boolean().optional().describe("Whether the metrics port gets a Service."),
      service: partial(controllerServiceSchema).optional().describe("The Service by which the world reaches it."),
    })
    .optional(),
  monitoring: z
    .union([
      z.literal(false),
      z.strictObject({
        ownership: ownershipSchema.unwrap().optional().describe("own or present."),
        namespace: nameSchema.optional(),
        highAvailability: z.boolean().optional().describe("Several pods of each part."),
        storage: partial(monitoringSchema.shape.storage.unwrap()).optional(),
        retention: monitoringSchema.shape.retention.unwrap().optional(),
        resources: resourcesOverrideSchema.optional(),
        nodeMetrics: z.boolean().optional().describe("Whether every node has a node-exporter."),
        labels: monitoringSchema.shape.labels.unwrap().optional(),
      }),
    ])
    .optional()
    .describe("Prometheus and Grafana, or false for no monitoring at all."),
  metricsServer: z.union([z.literal(false), metricsServerSchema]).optional(),
  verticalPodAutoscaler: z.union([z.literal(false), verticalPodAutoscalerSchema]).optional(),
  metricsAdapter: z.union([z.literal(false), partial(metricsAdapterSchema)]).optional(),
  velero: veleroOverrideSchema,
  externalSecrets: z
    .union([
      z.literal(false),
      z.strictObject({
        ownership: ownershipSchema.unwrap().optional().describe("own or present."),
        namespace: nameSchema.optional(),
        highAvailability: z.boolean().optional().describe("Several pods of controller and webhook."),
      }),
    ])
    .optional()
    .describe("External Secrets Operator, or false for none."),
});
export type AddonsOverride = z.infer<typeof addonsOverrideSchema>;
