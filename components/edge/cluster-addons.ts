import * as pulumi from "@pulumi/pulumi";
import type { ChartSource } from "../charts/chart.ts";
import type { Addons } from "../model/addons.ts";
import { isPodGroup, type Relation } from "../model/relations.ts";
import type { Network } from "../model/system.ts";
import { NetworkPolicies } from "../network/network-policies.ts";
import { Namespace } from "../security/namespace.ts";
import { addonRelations, ingressController } from "./addon-relations.ts";
import { CertManager } from "./cert-manager.ts";
import { ClusterIssuers } from "./cluster-issuers.ts";
import { IngressNginx } from "./ingress-nginx.ts";

export interface ClusterAddonsArgs {
  addons: Addons;
  network: Network;
  /** What other namespaces' pods and the add-ons say to each other. @default [] */
  relations?: Relation[];
  /** What the policies are called after that a stack adds to add-ons which another one owns; unique in the cluster. */
  guest: string;
  /** Where charts come from. @default upstream */
  source?: ChartSource;
  /** Registry that replaces that of every image, path kept. */
  registry?: string;
  /** Image pull Secrets to make in each namespace: name → a Docker configuration. @default {} */
  pullSecrets?: Record<string, pulumi.Input<string>>;
}

/**
 * The cluster add-ons that a stack owns, each in a namespace of its own with default deny and policies from the relations. To an
 * ingress controller that another stack owns it adds the policy that lets it reach this stack's services.
 */
export class ClusterAddons extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:edge:ClusterAddons", name, {}, opts);
    const { addons, network, source, registry, pullSecrets = {} } = args;
    const { certManager, clusterIssuers, ingressNginx } = addons;
    const relations = [...addonRelations(addons), ...(args.relations ?? [])];
    const chart = {
      ...(source ? { source } : {}),
      ...(registry ? { registry } : {}),
      pullSecrets: Object.keys(pullSecrets),
    };

    const prepare = (addon: string, namespace: string): pulumi.Resource[] => {
      const made = new Namespace(
        `${name}-${addon}-namespace`,
        { namespace, instance: addon, pullSecrets },
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
      new IngressNginx(`${name}-ingress-nginx`, { ...ingressNginx, ...chart }, { parent: this, dependsOn });
    }
    const controller = ingressController(addons);
    if (controller && ingressNginx?.ownership === "present") {
      // Policies add up: the owner's let the controller reach the owner's services, these ours.
      const guest = { ...controller, id: `${controller.id}-to-${args.guest}` };
      const routes = relations.filter(({ from }) => isPodGroup(from) && from.id === controller.id);
      new NetworkPolicies(
        `${name}-guest-network`,
        {
          namespace: controller.namespace,
          relations: routes.map((route) => ({ ...route, from: guest })),
          network,
          instance: args.guest,
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
