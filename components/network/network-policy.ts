import type * as k8s from "@pulumi/kubernetes";
import { standardLabels } from "../model/names.ts";
import {
  isPodGroup,
  type Peer,
  type PodGroup,
  type Relation,
  type RelationPort,
  samePeer,
} from "../model/relations.ts";
import type { Network } from "../model/system.ts";

/** A NetworkPolicy of which everything is known. */
export interface NetworkPolicyObject {
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  spec: k8s.types.input.networking.v1.NetworkPolicySpec;
}

/** Ranges that are no public address: RFC 1918, RFC 6598, loopback, link-local (which holds the clouds' metadata services). */
const notPublic = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"];
/** IPv6: unique local (RFC 4193), link-local, loopback. */
const notPublic6 = ["fc00::/7", "fe80::/10", "::1/128"];

const dnsPorts: RelationPort[] = [
  { port: 53, protocol: "UDP" },
  { port: 53, protocol: "TCP" },
];

/**
 * The policy of one pod group: what the relations say and nothing else, in both directions. DNS over UDP and TCP is always
 * allowed, because without it no name in any relation resolves.
 */
export function networkPolicy(
  group: PodGroup,
  relations: Relation[],
  network: Network,
  instance: string,
): NetworkPolicyObject {
  // A rule without ports would open all of them.
  const real = relations.filter(({ to, ports }) => to === "api-server" || ports.length > 0);
  const incoming = real.filter(({ to }) => samePeer(to, group));
  const outgoing = real.filter(({ from }) => samePeer(from, group));
  return {
    metadata: {
      name: `${group.id}-netpol`,
      namespace: group.namespace,
      labels: standardLabels(group.id, instance, { component: "network" }),
    },
    spec: {
      podSelector: { matchLabels: group.labels },
      policyTypes: ["Ingress", "Egress"],
      ingress: distinct(incoming.map(({ from, ports }) => ({ from: peers(from, network), ports: policyPorts(ports) }))),
      egress: distinct([
        { to: peers("dns", network), ports: policyPorts(dnsPorts) },
        ...outgoing.map(({ to, ports }) => ({
          to: peers(to, network),
          ports: policyPorts(to === "api-server" ? network.apiServer.ports.map((port) => ({ port })) : ports),
        })),
      ]),
    },
  };
}

/** Denies all traffic of every pod in a namespace that no other policy allows. */
export function defaultDeny(namespace: string, instance: string): NetworkPolicyObject {
  return {
    metadata: {
      name: "default-deny",
      namespace,
      labels: standardLabels("default-deny", instance, { component: "network" }),
    },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}

/** Each rule once: two hosts on the internet are one range of addresses to a NetworkPolicy. */
function distinct<Rule>(rules: Rule[]): Rule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

function policyPorts(ports: RelationPort[]): k8s.types.input.networking.v1.NetworkPolicyPort[] {
  return ports.map(({ port, protocol = "TCP" }) => ({ port, protocol }));
}

function peers(peer: Peer, network: Network): k8s.types.input.networking.v1.NetworkPolicyPeer[] {
  if (isPodGroup(peer)) return [inNamespace(peer.namespace, peer.labels)];
  if (typeof peer === "object") return [{ ipBlock: { cidr: peer.cidr } }];
  switch (peer) {
    case "dns":
      return [inNamespace(network.dns.namespace, network.dns.labels), ...blocks(network.dns.cidrs)];
    case "api-server":
    // Webhook calls come from the API server's own addresses.
    case "control-plane":
      return blocks(network.apiServer.cidrs);
    case "nodes":
      return blocks(network.nodes.cidrs);
    case "internet":
      return [{ ipBlock: { cidr: "0.0.0.0/0", except: notPublic } }, { ipBlock: { cidr: "::/0", except: notPublic6 } }];
    case "anywhere":
      return blocks(["0.0.0.0/0", "::/0"]);
  }
}

function blocks(cidrs: string[]): k8s.types.input.networking.v1.NetworkPolicyPeer[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}

function inNamespace(
  namespace: string,
  labels: Record<string, string>,
): k8s.types.input.networking.v1.NetworkPolicyPeer {
  return {
    // The label that the API server sets itself on every namespace (kubernetes/enhancements KEP-2161).
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels: labels },
  };
}
