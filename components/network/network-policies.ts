import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type PodGroup, podGroups, type Relation } from "../model/relations.ts";
import type { Network } from "../model/system.ts";
import { networkPolicy } from "./network-policy.ts";

export interface NetworkPoliciesArgs {
  /** The namespace whose pod groups get a policy each; it exists. */
  namespace: string;
  /** The relation graph. Relations between groups of other namespaces are passed over. */
  relations: Relation[];
  /** Pod groups that need a policy although nothing is related to them. @default [] */
  groups?: PodGroup[];
  network: Network;
  /** Value of app.kubernetes.io/instance. */
  instance: string;
}

/** One NetworkPolicy for each pod group, of a namespace, made from the relation graph. */
export class NetworkPolicies extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:network:NetworkPolicies", name, {}, opts);
    const unrelated = (args.groups ?? []).map((group): Relation => ({ from: group, to: group, ports: [] }));
    for (const group of podGroups([...args.relations, ...unrelated]).filter(
      ({ namespace }) => namespace === args.namespace,
    )) {
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${group.id}`,
        networkPolicy(group, args.relations, args.network, args.instance),
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
