import { z } from "zod";
import { nameSchema, urlSchema } from "./names.ts";
import { secondsSchema } from "./numbers.ts";
import { partial } from "./partial.ts";

const repositorySchema = z
  .string()
  .regex(/^(https|ssh|git|oci):\/\/\S+$|^[\w.-]+@[\w.-]+:\S+$/, {
    error: 'must be the address of a repository, such as "https://github.com/your-org/your-app"',
  })
  .describe("Address of the git repository.");
const pathSchema = z.string().min(1).describe("Folder in the repository.");
const durationSchema = z.string().regex(/^([0-9]+[hms])+$/, { error: 'must be a duration such as "10m"' });
const optionalName = nameSchema.optional().describe("Name of the object. Default: <system>-<environment>.");

/** An Application of Argo CD: a chart, a kustomization or manifests in a repository (argoproj.io/v1alpha1). */
export const argoCdSchema = z.strictObject({
  name: optionalName,
  namespace: nameSchema.default("argocd").describe("Namespace that Argo CD looks for Applications in."),
  project: z.string().min(1).default("default").describe("Project of Argo CD that sets the bounds."),
  repository: repositorySchema,
  revision: z.string().min(1).default("main").describe("Branch, tag or commit."),
  path: pathSchema,
  valueFiles: z.array(z.string().min(1)).default([]).describe("Value files of a Helm chart, beside its own."),
  server: urlSchema
    .default("https://kubernetes.default.svc")
    .describe("API server to deploy to. Default: the cluster that Argo CD runs in."),
  targetNamespace: nameSchema.optional().describe("Namespace to deploy into. Default: the system's."),
  prune: z.boolean().default(true).describe("Whether objects that are no longer in the repository are deleted."),
  selfHeal: z.boolean().default(true).describe("Whether changes made in the cluster are undone."),
});
export type ArgoCdDelivery = z.infer<typeof argoCdSchema>;

/** A GitRepository of Flux with a HelmRelease, where there is a chart in it, or else a Kustomization. */
export const fluxSchema = z.strictObject({
  name: optionalName,
  namespace: nameSchema.default("flux-system").describe("Namespace of Flux's objects."),
  repository: repositorySchema,
  repositoryName: nameSchema.optional().describe("Name of the GitRepository. Default: the name of the release."),
  branch: z.string().min(1).default("main"),
  path: pathSchema,
  kind: z.enum(["HelmRelease", "Kustomization"]).describe("HelmRelease for a chart, Kustomization for manifests."),
  interval: durationSchema.default("10m").describe("How often the repository is looked at and the state restored."),
  values: z.record(z.string(), z.unknown()).default({}).describe("Values of the chart."),
  targetNamespace: nameSchema.optional().describe("Namespace to deploy into. Default: the system's."),
});
export type FluxDelivery = z.infer<typeof fluxSchema>;

/** A Stack of Pulumi Kubernetes Operator (pulumi.com/v1): the operator runs this program for one of its stacks. */
export const pulumiOperatorSchema = z.strictObject({
  name: optionalName,
  namespace: nameSchema.default("pulumi-kubernetes-operator").describe("Namespace of the Stack object."),
  repository: repositorySchema,
  branch: z.string().min(1).default("main"),
  directory: z.string().min(1).optional().describe("Folder of Pulumi.yaml. Default: the root of the repository."),
  stack: z.string().min(1).describe("The stack that the operator updates, such as your-org/keelson/prod. It exists."),
  serviceAccount: nameSchema.describe("ServiceAccount of the pod that deploys; it exists, with the rights it needs."),
  resyncSeconds: secondsSchema
    .min(60)
    .default(600)
    .describe("Seconds between looks at the branch, and at the cluster, whose changes are undone."),
  accessTokenSecret: nameSchema
    .optional()
    .describe("Secret whose key accessToken lets the operator into Pulumi Cloud. Default: none, for other backends."),
  backend: z.string().min(1).optional().describe("Address of the state, where it is not in Pulumi Cloud."),
  workspace: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Template of the pod that deploys, as the operator's workspaceTemplate has it."),
});
export type PulumiOperatorDelivery = z.infer<typeof pulumiOperatorSchema>;

/** The tools that can deliver a system from git, and what each has to be told. */
export const deliverySchemas = { argoCd: argoCdSchema, flux: fluxSchema, pulumiOperator: pulumiOperatorSchema };
export type DeliveryTool = keyof typeof deliverySchemas;

/** What a system's document or a stack says of the tools. */
export const deliveriesSchema = z.strictObject({
  argoCd: partial(argoCdSchema).optional(),
  flux: partial(fluxSchema).optional(),
  pulumiOperator: partial(pulumiOperatorSchema).optional(),
});
export type Deliveries = z.infer<typeof deliveriesSchema>;

/** How a system is delivered from git, with everything decided. */
export type Delivery =
  | ({ tool: "argoCd" } & ArgoCdDelivery)
  | ({ tool: "flux" } & FluxDelivery)
  | ({ tool: "pulumiOperator" } & PulumiOperatorDelivery);
