import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { standardLabels } from "../model/names.ts";
import type { Quota } from "../model/system.ts";
import { defaultDeny } from "../network/network-policy.ts";
import { containerDefaults, namespaceMetadata, type PodSecurityLevel, quotaLimits } from "./namespace-objects.ts";

export interface NamespaceArgs {
  /** Name of the namespace in the cluster. */
  namespace: string;
  /** Value of app.kubernetes.io/instance. */
  instance: string;
  /** More labels of the namespace. @default {} */
  labels?: Record<string, string>;
  /** @default "restricted" */
  podSecurity?: PodSecurityLevel;
  /** Upper bounds; none where left out. */
  quota?: Quota;
  /** Image pull Secrets to make: name → a Docker configuration, as `docker login` writes it. @default {} */
  pullSecrets?: Record<string, pulumi.Input<string>>;
}

/** A namespace with Pod Security labels, default deny, default limits and, where asked for, a quota. */
export class Namespace extends pulumi.ComponentResource {
  /** Name of the namespace, known once it exists. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: NamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:security:Namespace", name, {}, { ...opts, protect: false });
    const { namespace, instance } = args;
    const resource = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: namespaceMetadata(namespace, instance, args.podSecurity ?? "restricted", args.labels) },
      { parent: this, protect: opts?.protect ?? false },
    );
    const inside = { parent: this, dependsOn: resource, deletedWith: resource };
    const metadata = (object: string) => ({
      name: object,
      namespace,
      labels: standardLabels(object, instance, { component: "namespace" }),
    });
    new k8s.networking.v1.NetworkPolicy(`${name}-default-deny`, defaultDeny(namespace, instance), inside);
    new k8s.core.v1.LimitRange(
      `${name}-defaults`,
      { metadata: metadata("defaults"), spec: { limits: [containerDefaults] } },
      inside,
    );
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
