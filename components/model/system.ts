import { z } from "zod";
import { addonsOverrideSchema, addonsSchema } from "./addons.ts";
import { cidrSchema } from "./cidr.ts";
import { dataStoreOverrideSchema, dataStoreSchema } from "./data-store.ts";
import { configsSchema, dataKeySchema } from "./env.ts";
import { type Delivery, deliveriesSchema } from "./gitops.ts";
import { jobOverrideSchema, jobSchema } from "./job.ts";
import { alertsSchema, dashboardsSchema } from "./monitoring.ts";
import { annotationsSchema, hostSchema, labelsSchema, nameSchema, portSchema } from "./names.ts";
import { timesSchema } from "./numbers.ts";
import { bytesSchema, cpuSchema } from "./quantity.ts";
import type { Release } from "./release.ts";
import type { SecretStore } from "./secret-store.ts";
import { serviceOverrideSchema, serviceSchema } from "./service.ts";
import { claimOverrideSchema, sharedVolumeSchema } from "./volume.ts";

/** The three environment profiles. They set what is protected, which issuer signs and how much the add-ons are spread. */
export const environments = ["dev", "staging", "prod"] as const;
export const environmentSchema = z.enum(environments);
export type Environment = z.infer<typeof environmentSchema>;

/** Where the value of a secret comes from: made by us and kept in state, issued by others and set in the stack's configuration, or a copy of a data store's connection. */
export const secretSourceSchema = z.union([
  z.strictObject({ generate: z.int().min(16).max(256) }).describe("Length of a random password of letters and digits."),
  z
    .strictObject({ config: nameSchema })
    .describe("Key under keelson:secrets, set with `pulumi config set --secret --path`."),
  z
    .strictObject({ data: nameSchema, key: z.string().min(1) })
    .describe("A copy of a value of a data store's connection Secret, such as url or password."),
]);
export type SecretSource = z.infer<typeof secretSourceSchema>;

/** One Ingress: a host and its routes. */
export const ingressSchema = z.strictObject({
  subdomain: nameSchema.optional().describe("Host is <subdomain>.<domain>. Default: the domain itself."),
  class: nameSchema.default("nginx"),
  issuer: nameSchema.optional().describe("ClusterIssuer that signs. Default: the environment's."),
  tlsSecret: nameSchema.describe("Secret that holds the certificate."),
  annotations: annotationsSchema.default({}),
  routes: z
    .array(
      z.strictObject({
        path: z.string().startsWith("/"),
        pathType: z.enum(["Prefix", "Exact"]).default("Prefix"),
        service: nameSchema,
        port: nameSchema.optional().describe("Name of the service's port. Default: its first."),
      }),
    )
    .min(1),
});
export type Ingress = z.infer<typeof ingressSchema>;

/**
 * Upper bounds of a namespace. A platform derives what is left out from its workloads at their largest; with a DaemonSet, what
 * depends on the number of nodes has no bound then.
 */
export const quotaSchema = z.strictObject({
  cpu: cpuSchema.optional().describe("Sum of cpu requests."),
  memory: bytesSchema.optional().describe("Sum of memory requests."),
  pods: z.int().min(1).max(1_000_000).optional(),
  storage: bytesSchema.optional().describe("Sum of claimed storage."),
  loadBalancers: timesSchema
    .min(0)
    .optional()
    .describe(
      "Services of type LoadBalancer. Default in a platform: 0, since traffic enters by the ingress controller.",
    ),
  nodePorts: timesSchema
    .min(0)
    .optional()
    .describe("Ports of Services on every node, those of load balancers included. Default in a platform: 0."),
});
export type Quota = z.infer<typeof quotaSchema>;

const cidrsSchema = z.array(cidrSchema);
/** Every address, of a cluster of either family. */
const everywhere = ["0.0.0.0/0", "::/0"];

/** Where parts of the cluster itself are, for network policies: addresses that no label selects, and its DNS. */
export const networkSchema = z.strictObject({
  apiServer: z
    .strictObject({
      cidrs: cidrsSchema.min(1).default(everywhere),
      ports: z.array(portSchema).min(1).default([443, 6443]),
    })
    .prefault({})
    .describe("Where the API server answers; narrow it to your control plane's addresses."),
  nodes: z
    .strictObject({ cidrs: cidrsSchema.min(1).default(everywhere) })
    .prefault({})
    .describe("Addresses of the nodes, where Prometheus asks the kubelets; narrow it to yours."),
  dns: z
    .strictObject({
      namespace: nameSchema.default("kube-system"),
      labels: z
        .record(z.string(), z.string())
        .refine((labels) => Object.keys(labels).length > 0, { error: "must name a label, or every pod would be meant" })
        .default({ "k8s-app": "kube-dns" })
        .describe("Labels of the DNS server's pods."),
      cidrs: cidrsSchema
        .default([])
        .describe("Addresses beside them that answer, such as NodeLocal DNSCache's 169.254.20.10/32."),
    })
    .prefault({})
    .describe("The cluster's DNS, which every pod may ask."),
});
export type Network = z.infer<typeof networkSchema>;

/** What an environment of a system, or a stack, may change. Objects merge, lists and scalars replace. */
export const overridesSchema = z.strictObject({
  namespace: nameSchema.optional().describe("Namespace of the system's own objects."),
  domain: hostSchema.optional().describe("Domain that the ingress hosts are made of."),
  protect: z
    .boolean()
    .optional()
    .describe("Whether namespace, volumes and generated passwords are protected from deletion. Default: true in prod."),
  services: z.record(nameSchema, serviceOverrideSchema).optional().describe("Changes to single services, by name."),
  jobs: z.record(nameSchema, jobOverrideSchema).optional().describe("Changes to single jobs, by name."),
  volumes: z.record(nameSchema, claimOverrideSchema).optional().describe("Changes to single shared volumes, by name."),
  data: z.record(nameSchema, dataStoreOverrideSchema).optional().describe("Changes to single data stores, by name."),
  addons: addonsOverrideSchema.optional().describe("Cluster add-ons: own them, or declare them present."),
  configs: configsSchema
    .optional()
    .describe("Texts of the system's configs, added or replaced; {domain} stands for the domain."),
  namespaceLabels: labelsSchema.optional().describe("Labels of the namespace, added or replaced."),
  quota: quotaSchema.optional(),
  rotation: z
    .record(nameSchema, z.int().min(0))
    .optional()
    .describe("Secret object → number; a new number makes new generated values."),
});
export type Overrides = z.infer<typeof overridesSchema>;

/** A deployed system as data: services, data stores, secrets, routes, add-ons and what differs per environment. */
export const systemSchema = z.strictObject({
  name: nameSchema,
  title: z.string().min(1),
  namespace: nameSchema.describe("Namespace of the system's own objects; made where there are any."),
  domain: hostSchema,
  services: z.record(nameSchema, serviceSchema).default({}),
  jobs: z.record(nameSchema, jobSchema).default({}),
  volumes: z.record(nameSchema, sharedVolumeSchema).default({}).describe("Claims that services and jobs share."),
  data: z.record(nameSchema, dataStoreSchema).default({}),
  namespaceLabels: labelsSchema.default({}).describe("More labels of the namespace."),
  configs: configsSchema.default({}),
  secrets: z.record(nameSchema, z.record(dataKeySchema, secretSourceSchema)).default({}),
  ingresses: z.record(nameSchema, ingressSchema).default({}),
  addons: addonsSchema,
  alerts: alertsSchema.default({}).describe("PrometheusRules beside those that every service gets."),
  dashboards: dashboardsSchema.default({}),
  gitops: deliveriesSchema
    .default({})
    .describe("What the system's document says of delivery from git; a stack chooses a tool under keelson:gitops."),
  environments: z.partialRecord(environmentSchema, overridesSchema).default({}),
});
export type System = z.infer<typeof systemSchema>;
/** A system as one writes it: defaults may be left out. */
export type SystemInput = z.input<typeof systemSchema>;

/** One system in one environment with everything decided: what `Platform` deploys. */
export interface PlatformModel extends Omit<System, "environments" | "gitops"> {
  environment: Environment;
  /** Name of the stack, by which its namespace is told from that of another stack of the same system. @default the namespace does not say */
  stack?: string;
  /** Whether namespace, volumes and generated passwords are protected from deletion. */
  protect: boolean;
  quota: Quota;
  rotation: Record<string, number>;
  network: Network;
  /** Registry that replaces each image's own, path kept. */
  registry?: string;
  /** The tool that delivers the system from git. @default this program makes its objects itself */
  delivery?: Delivery;
  /** Where External Secrets Operator finds what others issued. @default the values are in the stack's configuration */
  secretStore?: SecretStore;
  /** Names of the image pull Secrets, each made from the issued secret of the same name. */
  pullSecrets: string[];
  /** Where the releases of services with `blueGreen` stand; the others are at their first deployment. */
  releases: Record<string, Release>;
}

/** Whether anything lives in a system's namespace. One that only owns add-ons needs none. */
export function inhabited({
  services,
  jobs,
  volumes,
  data,
  configs,
  secrets,
  ingresses,
}: Pick<PlatformModel, "services" | "jobs" | "volumes" | "data" | "configs" | "secrets" | "ingresses">): boolean {
  return [services, jobs, volumes, data, configs, secrets, ingresses].some((kind) => Object.keys(kind).length > 0);
}

/** Something wrong with a model: where, what, and what would be right. Never holds a secret's value. */
export interface Problem {
  path: (string | number)[];
  message: string;
  fix: string;
}
