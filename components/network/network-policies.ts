import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PodGroup, Relation } from "../model/relations.ts";
import type { Network } from "../model/system.ts";
import { networkPolicy } from "./network-policy.ts";

export interface NetworkPoliciesArgs {
  /** The pod groups to make a policy for; each lies in a namespace that exists. */
  groups: PodGroup[];
  /** The whole relation graph; relations of other groups are passed over. */
  relations: Relation[];
  network: Network;
  /** Value of app.kubernetes.io/instance. */
  instance: string;
}

/** One NetworkPolicy for each pod group, made from the relation graph. */
export class NetworkPolicies extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:network:NetworkPolicies", name, {}, opts);
    for (const group of args.groups) {
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${group.id}`,
        networkPolicy(group, args.relations, args.network, args.instance),
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
