import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { input, placeSchema } from "../arguments.ts";
import { labelsSchema, namespaceSchema, objectNameSchema, standardLabels } from "../model/names.ts";
import { assertNoProblems } from "../model/problems.ts";
import { type Quota, quotaSchema } from "../model/system.ts";
import { defaultDeny } from "../network/network-policy.ts";
import { deferredProblem, isDeferred, parseArgs } from "../plain.ts";
import {
  type ContainerDefaults,
  containerDefaultsSchema,
  containerLimits,
  namespaceMetadata,
  type PodSecurityLevel,
  podSecurityLevels,
  quotaLimits,
} from "./namespace-objects.ts";

/** Where objects are made: the component of the namespace, which then comes first, or the name of one that exists. */
export type NamespaceRef = Namespace | string;

/** The same for what need not be known at preview. */
export type NamespaceInput = Namespace | pulumi.Input<string>;

/** Name of a namespace. @throws where it is an Output; `what` names the component for the message. */
export function namespaceName(namespace: NamespaceInput, what: string): string {
  const name = namespaceInput(namespace);
  if (!isDeferred(name)) return name;
  const fix = "give the Namespace component in place of its output, or the name as text";
  return assertNoProblems([deferredProblem(["namespace"], fix)], what) as never;
}

/** Name of a namespace, wherever it comes from. */
export function namespaceInput(namespace: NamespaceInput): pulumi.Input<string> {
  return namespace instanceof Namespace ? namespace.name : namespace;
}

/** Options with the component of the namespace among what comes first. */
export function inNamespace(
  namespace: NamespaceInput,
  opts: pulumi.ComponentResourceOptions = {},
): pulumi.ComponentResourceOptions {
  if (!(namespace instanceof Namespace)) return opts;
  return { ...opts, dependsOn: [namespace, ...[opts.dependsOn ?? []].flat()] as pulumi.Input<pulumi.Resource>[] };
}

export interface NamespaceArgs {
  /** Name of the namespace in the cluster: RFC 1123 label. */
  namespace: string;
  /** Value of app.kubernetes.io/instance. */
  instance: string;
  /** More labels of the namespace; not app.kubernetes.io/… and pod-security.kubernetes.io/…, which are made. @default {} */
  labels?: Record<string, string>;
  /** Pod Security level: restricted, baseline or privileged. @default "restricted" */
  podSecurity?: PodSecurityLevel;
  /** Version of Kubernetes whose Pod Security level is meant, such as "v1.36". @default "latest", the cluster's own */
  podSecurityVersion?: string;
  /** Upper bounds; none where left out. */
  quota?: Quota;
  /**
   * What a container gets for what it does not say itself, by a LimitRange; false for none. A container that requests more than a
   * default limit, and has no limit of its own, is refused: give `limits` without `cpu` for containers that have none on purpose.
   * @default { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "250m", memory: "256Mi" } }
   */
  containerDefaults?: ContainerDefaults | false;
  /** Image pull Secrets to make: name → a Docker configuration, as `docker login` writes it. @default {} */
  pullSecrets?: Record<string, pulumi.Input<string>>;
}

const namespaceArguments = z.strictObject({
  ...placeSchema.shape,
  // What is made in it is named after it.
  namespace: namespaceSchema,
  labels: labelsSchema.optional(),
  podSecurity: z.enum(podSecurityLevels).default("restricted"),
  podSecurityVersion: z
    .string()
    .regex(/^(latest|v1\.\d+)$/, { error: 'must be "latest" or a version such as "v1.36"' })
    .default("latest"),
  quota: quotaSchema.optional(),
  containerDefaults: containerDefaultsSchema.or(z.literal(false)).prefault({}),
  pullSecrets: z.record(objectNameSchema, input(z.string())).optional(),
});

/** A namespace with Pod Security labels, default deny, default limits unless they are declined and, where asked for, a quota. Throws one error with all problems. */
export class Namespace extends pulumi.ComponentResource {
  /** Name of the namespace. */
  readonly name: string;
  /** The same, known once it exists. Components take the Namespace itself: what they make then comes after it. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: NamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:security:Namespace", name, {}, { ...opts, protect: false });
    const { namespace, instance, labels } = args;
    const { podSecurity, podSecurityVersion, containerDefaults } = parseArgs(
      namespaceArguments,
      args,
      `Namespace "${name}"`,
    );
    this.name = namespace;
    const resource = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: namespaceMetadata(namespace, instance, podSecurity, podSecurityVersion, labels) },
      { parent: this, protect: opts?.protect ?? false },
    );
    const inside = { parent: this, dependsOn: resource, deletedWith: resource };
    const metadata = (object: string) => ({
      name: object,
      namespace,
      labels: standardLabels(object, instance, { component: "namespace" }),
    });
    new k8s.networking.v1.NetworkPolicy(`${name}-default-deny`, defaultDeny(namespace, instance), inside);
    if (containerDefaults) {
      new k8s.core.v1.LimitRange(
        `${name}-defaults`,
        { metadata: metadata("defaults"), spec: { limits: [containerLimits(containerDefaults)] } },
        inside,
      );
    }
    if (args.quota) {
      new k8s.core.v1.ResourceQuota(
        `${name}-quota`,
        { metadata: metadata("quota"), spec: { hard: quotaLimits(args.quota) } },
        inside,
      );
    }
    for (const [secret, configuration] of Object.entries(args.pullSecrets ?? {})) {
      new k8s.core.v1.Secret(
        `${name}-${secret}`,
        {
          metadata: metadata(secret),
          type: "kubernetes.io/dockerconfigjson",
          stringData: { ".dockerconfigjson": pulumi.secret(configuration) },
        },
        inside,
      );
    }
    this.namespace = resource.metadata.name;
    this.registerOutputs({ namespace: this.namespace });
  }
}
