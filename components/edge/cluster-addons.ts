import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ChartSource } from "../charts/chart.ts";
import { addonsSchema } from "../model/addons.ts";
import { nodeExporterNamespace } from "../model/namespace-checks.ts";
import { type PodGroup, type Relation, samePeer } from "../model/relations.ts";
import { networkSchema } from "../model/system.ts";
import { NetworkPolicies } from "../network/network-policies.ts";
import { addonMonitors } from "../observability/addon-monitors.ts";
import { Monitoring } from "../observability/monitoring.ts";
import { prometheus } from "../observability/monitoring-relations.ts";
import { Velero, type VeleroArgs } from "../operations/velero.ts";
import { parseArgs } from "../plain.ts";
import { ExternalSecrets } from "../security/external-secrets.ts";
import { Namespace } from "../security/namespace.ts";
import type { PodSecurityLevel } from "../security/namespace-objects.ts";
import { addonRelations, ingressController } from "./addon-relations.ts";
import { CertManager } from "./cert-manager.ts";
import { ClusterIssuers } from "./cluster-issuers.ts";
import { IngressNginx } from "./ingress-nginx.ts";

export interface ClusterAddonsArgs {
  /** Which add-ons, and what of them; see `addonsSchema` for each field's meaning and default. One that is left out is not there. */
  addons: z.input<typeof addonsSchema>;
  /** Addresses that no label selects: of the API server and of the nodes. @default any address */
  network?: z.input<typeof networkSchema>;
  /** What other namespaces' pods and the add-ons say to each other. @default [] */
  relations?: Relation[];
  /** What Velero backs up, where there is one, and the credentials file that it needs where this stack owns it. */
  backup?: Pick<VeleroArgs, "backup" | "credentials">;
  /** What the policies are called after that a stack adds to add-ons which another one owns; unique in the cluster. */
  guest: string;
  /** Where charts come from. @default upstream */
  source?: ChartSource;
  /** Registry that replaces that of every image, path kept. */
  registry?: string;
  /** Image pull Secrets to make in each namespace: name → a Docker configuration. @default {} */
  pullSecrets?: Record<string, pulumi.Input<string>>;
}

/** What is looked at before anything is made; the rest is looked at where it ends up. */
const addonsArguments = z.object({ addons: addonsSchema, network: networkSchema.optional() });

/**
 * The cluster add-ons that a stack owns, each in a namespace of its own with default deny and policies from the relations. To an
 * ingress controller that another stack owns it adds the policy that lets it reach this stack's services.
 */
export class ClusterAddons extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:edge:ClusterAddons", name, {}, opts);
    const { source, registry, pullSecrets = {} } = args;
    const { addons, network = {} } = parseArgs(addonsArguments, args, `ClusterAddons "${name}"`);
    const { certManager, clusterIssuers, ingressNginx, monitoring, velero, externalSecrets } = addons;
    const relations = [...addonRelations(addons), ...(args.relations ?? [])];
    const chart = {
      ...(source ? { source } : {}),
      ...(registry ? { registry } : {}),
      pullSecrets: Object.keys(pullSecrets),
    };

    const prepare = (addon: string, namespace: string, podSecurity?: PodSecurityLevel): pulumi.Resource[] => {
      const made = new Namespace(
        `${name}-${addon}-namespace`,
        { namespace, instance: addon, pullSecrets, ...(podSecurity ? { podSecurity } : {}) },
        { parent: this },
      );
      const inside = { parent: this, dependsOn: [made] };
      return [
        made,
        new NetworkPolicies(`${name}-${addon}-network`, { namespace, relations, network, instance: addon }, inside),
      ];
    };

    const ready: pulumi.Resource[] = [];
    if (certManager?.ownership === "own") {
      const dependsOn = prepare("cert-manager", certManager.namespace);
      ready.push(new CertManager(`${name}-cert-manager`, { ...certManager, ...chart }, { parent: this, dependsOn }));
    }
    if (clusterIssuers) {
      const solver = ingressNginx ? { ingressClass: ingressNginx.class } : {};
      new ClusterIssuers(`${name}-issuers`, { ...clusterIssuers, ...solver }, { parent: this, dependsOn: ready });
    }
    if (ingressNginx?.ownership === "own") {
      const dependsOn = [...prepare("ingress-nginx", ingressNginx.namespace), ...ready];
      const metrics = ingressNginx.metrics || monitoring !== undefined;
      new IngressNginx(`${name}-ingress-nginx`, { ...ingressNginx, metrics, ...chart }, { parent: this, dependsOn });
    }
    if (monitoring?.ownership === "own") {
      const dependsOn = [...prepare("monitoring", monitoring.namespace), ...ready];
      if (monitoring.nodeMetrics)
        dependsOn.push(...prepare("monitoring-nodes", nodeExporterNamespace(monitoring.namespace), "privileged"));
      const made = new Monitoring(`${name}-monitoring`, { ...monitoring, ...chart }, { parent: this, dependsOn });
      for (const monitor of addonMonitors(addons)) {
        const opts = { parent: this, dependsOn: [made] };
        new k8s.apiextensions.CustomResource(`${name}-monitoring-${monitor.metadata.name}`, { ...monitor }, opts);
      }
    }
    if (externalSecrets?.ownership === "own") {
      const dependsOn = prepare("external-secrets", externalSecrets.namespace);
      new ExternalSecrets(`${name}-external-secrets`, { ...externalSecrets, ...chart }, { parent: this, dependsOn });
    }
    if (velero && args.backup) {
      const dependsOn = velero.ownership === "own" ? prepare("velero", velero.namespace) : [];
      new Velero(`${name}-velero`, { ...velero, ...args.backup, ...chart }, { parent: this, dependsOn });
    }
    this.#guestPolicies(`${name}-guest-network`, ingressController(addons), ingressNginx, relations, args);
    this.#guestPolicies(`${name}-guest-monitoring`, prometheus(addons), monitoring, relations, args);
    this.registerOutputs();
  }

  /** Lets pods that another stack owns reach ours. Policies add up: the owner's open what the owner knows of. */
  #guestPolicies(
    name: string,
    group: PodGroup | undefined,
    addon: { ownership: string } | undefined,
    relations: Relation[],
    { network = {}, guest }: ClusterAddonsArgs,
  ): void {
    if (!group || addon?.ownership !== "present") return;
    const own = relations.filter(({ from }) => samePeer(from, group));
    const from = { ...group, id: `${group.id}-to-${guest}` };
    const routes = own.map((relation) => ({ ...relation, from }));
    new NetworkPolicies(
      name,
      { namespace: group.namespace, relations: routes, network, instance: guest },
      { parent: this },
    );
  }
}
