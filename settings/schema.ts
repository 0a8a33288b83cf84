import { z } from "zod";
import { addonsOverrideSchema } from "../components/model/addons.ts";
import { deliveriesSchema } from "../components/model/gitops.ts";
import { registrySchema } from "../components/model/image.ts";
import { nameSchema } from "../components/model/names.ts";
import { releaseSchema } from "../components/model/release.ts";
import { secretStoreSchema } from "../components/model/secret-store.ts";
import { environmentSchema, networkSchema, overridesSchema } from "../components/model/system.ts";

/** Which cluster a stack deploys into. */
export const clusterSchema = z.strictObject({
  context: z.string().min(1).describe("Context of the kubeconfig. Required in staging and prod."),
  kubeconfig: z
    .string()
    .min(1)
    .optional()
    .describe("Path of the kubeconfig. Default: $KUBECONFIG, else ~/.kube/config."),
  identifier: z
    .string()
    .min(1)
    .optional()
    .describe(
      "What makes the cluster this one for Pulumi's provider; only a change of it replaces objects. Default: the context.",
    ),
});

/** Where charts come from. */
export const chartSourceSchema = z
  .union([
    z.literal("upstream").describe("Each chart's own repository."),
    z
      .strictObject({ mirror: z.string().regex(/^oci:\/\/[^/]+/, { error: 'must begin with "oci://"' }) })
      .describe("An OCI registry that holds all charts."),
    z
      .strictObject({ folder: z.string().min(1) })
      .describe("A folder with one folder a chart, for clusters without a way out."),
  ])
  .default("upstream");

/** All that a stack may set, each under `keelson:` in Pulumi.<stack>.yaml. */
export const stackSchema = z.strictObject({
  system: nameSchema.describe("The system that the stack deploys."),
  environment: environmentSchema.describe("The profile: what is protected, which issuer signs, how much is spread."),
  ...overridesSchema.shape,
  addons: z
    .union([z.literal("present").describe("All of them are another stack's, or the cluster's."), addonsOverrideSchema])
    .optional()
    .describe("Cluster add-ons: present, or for each whether this stack owns it, and its options."),
  cluster: clusterSchema.optional(),
  network: networkSchema.prefault({}),
  registry: registrySchema
    .optional()
    .describe("Registry that replaces that of every image, charts' images included; the path is kept."),
  pullSecrets: z
    .array(nameSchema)
    .default([])
    .describe(
      "Image pull Secrets, made in each namespace of the stack; keelson:secrets.<name> is the content, a Docker configuration.",
    ),
  charts: chartSourceSchema,
  releases: z
    .record(nameSchema, releaseSchema)
    .default({})
    .describe("Where the blue-green releases of services stand. `npm run release` writes it."),
  gitops: deliveriesSchema
    .optional()
    .describe(
      "One tool that delivers the system from git. The stack makes the tool's objects then, and nothing of the system itself.",
    ),
  secretStore: secretStoreSchema
    .optional()
    .describe("Where External Secrets Operator finds the system's issued secrets, in place of keelson:secrets."),
  secrets: z
    .record(nameSchema, z.string().min(1))
    .default({})
    .describe("Secrets that others issued. Set each with `pulumi config set --secret --path`."),
});
export type StackSettings = z.output<typeof stackSchema>;
