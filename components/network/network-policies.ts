import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { type Member, type PodGroup, podGroups, type Relation } from "../model/relations.ts";
import { networkSchema } from "../model/system.ts";
import { parseArgs } from "../plain.ts";
import { inNamespace, type NamespaceRef, namespaceName } from "../security/namespace.ts";
import { networkPolicy } from "./network-policy.ts";

export interface NetworkPoliciesArgs {
  /** The namespace whose pod groups get a policy each. */
  namespace: NamespaceRef;
  /**
   * Components whose pods live in the namespace or talk to those that do: services, data stores, routes, add-ons. Each brings its
   * own relations; pods of other namespaces get no policy here. @default []
   */
  members?: Member[];
  /** More of the relation graph. Relations between groups of other namespaces are passed over. @default [] */
  relations?: Relation[];
  /** Pod groups that need a policy although nothing is related to them. @default [] */
  groups?: PodGroup[];
  /** Addresses that no label selects: of the API server and of the nodes. @default any address */
  network?: z.input<typeof networkSchema>;
  /** Value of app.kubernetes.io/instance. */
  instance: string;
}

/**
 * One NetworkPolicy for each pod group of a namespace, made from the relation graph: what a relation says is open at both of its
 * ends, DNS is open to all, and nothing else is.
 */
export class NetworkPolicies extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:network:NetworkPolicies", name, {}, inNamespace(args.namespace, opts));
    const namespace = namespaceName(args.namespace, `NetworkPolicies "${name}"`);
    const { members = [], instance } = args;
    const network = parseArgs(networkSchema, args.network ?? {}, `NetworkPolicies "${name}"`);
    const relations = [...members.flatMap((member) => member.relations), ...(args.relations ?? [])];
    const groups = [...members.flatMap((member) => member.groups), ...(args.groups ?? [])];
    const unrelated = groups.map((group): Relation => ({ from: group, to: group, ports: [] }));
    for (const group of podGroups([...relations, ...unrelated]).filter((one) => one.namespace === namespace)) {
      new k8s.networking.v1.NetworkPolicy(`${name}-${group.id}`, networkPolicy(group, relations, network, instance), {
        parent: this,
      });
    }
    this.registerOutputs();
  }
}
