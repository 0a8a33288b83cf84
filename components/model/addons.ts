import { z } from "zod";
import { imageOverrideSchema } from "./image-override.ts";
import { nameSchema } from "./names.ts";

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
    .regex(/^1\.\d+\.\d+$/, { error: 'must be a cert-manager version such as "1.21.1", without "v"' })
    .default("1.21.1")
    .describe("Version of chart and images."),
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

/** ingress-nginx: the controller behind IngressClass nginx. */
export const ingressNginxSchema = z.strictObject({
  ownership: ownershipSchema,
  namespace: nameSchema.default("ingress-nginx"),
  class: nameSchema.default("nginx").describe("Name of the IngressClass."),
  highAvailability: highAvailabilitySchema,
  image: imageOverrideSchema
    .optional()
    .describe("A maintained build of the controller in place of the retired project's; silences the warning."),
  metrics: z.boolean().default(false).describe("Whether the metrics port 10254 gets a Service."),
});
export type IngressNginxAddon = z.infer<typeof ingressNginxSchema>;

/** The cluster add-ons that a system relies on. One that is left out is not relied on. */
export const addonsSchema = z
  .strictObject({
    certManager: certManagerSchema.optional(),
    clusterIssuers: clusterIssuersSchema.optional(),
    ingressNginx: ingressNginxSchema.optional(),
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
    })
    .optional(),
});
export type AddonsOverride = z.infer<typeof addonsOverrideSchema>;
