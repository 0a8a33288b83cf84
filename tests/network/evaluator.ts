import { BlockList, isIPv6 } from "node:net";

/**
 * What NetworkPolicies allow, read as kubernetes.io, "Network Policies", and the API reference of networking.k8s.io/v1 say.
 * Written for tests and independent of the code that makes the policies.
 */

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: "In" | "NotIn" | "Exists" | "DoesNotExist"; values?: string[] }[];
}

export interface PolicyPeer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr: string; except?: string[] };
}

export interface PolicyPort {
  protocol?: string;
  port?: number | string;
  endPort?: number;
}

export interface Policy {
  metadata: { name: string; namespace?: string };
  spec: {
    podSelector?: LabelSelector;
    policyTypes?: string[];
    ingress?: { from?: PolicyPeer[]; ports?: PolicyPort[] }[];
    egress?: { to?: PolicyPeer[]; ports?: PolicyPort[] }[];
  };
}

/** A pod, as policies see it. */
export interface Pod {
  name: string;
  namespace: string;
  labels: Record<string, string>;
  ip: string;
  /** Named container ports. */
  ports: { name?: string; containerPort: number; protocol?: string }[];
}

/** An address outside the cluster, or of a node. */
export interface Address {
  name: string;
  ip: string;
}

export type Endpoint = Pod | Address;

export interface World {
  /** Namespace → its labels. */
  namespaces: Record<string, Record<string, string>>;
  policies: Policy[];
  /**
   * Whether an ipBlock matches the addresses of pods. Kubernetes leaves it open: some network plugins do, others match by
   * identity. What is said of policies should hold for both.
   */
  ipBlocksMatchPods: boolean;
}

export interface Connection {
  from: Endpoint;
  to: Endpoint;
  port: number;
  protocol: string;
}

/** Whether a connection can be opened: the policies of both ends must let it. */
export function connects(connection: Connection, world: World): boolean {
  return lets("Egress", connection, world) && lets("Ingress", connection, world);
}

export function isPod(endpoint: Endpoint): endpoint is Pod {
  return "namespace" in endpoint;
}

/** Whether the policies of one end let a connection through: all of them together, where any isolates the pod in this direction. */
export function lets(direction: "Ingress" | "Egress", connection: Connection, world: World): boolean {
  const [self, other] = direction === "Ingress" ? [connection.to, connection.from] : [connection.from, connection.to];
  if (!isPod(self)) return true;
  const isolating = world.policies.filter(
    ({ metadata, spec }) =>
      (metadata.namespace ?? "default") === self.namespace &&
      selects(spec.podSelector ?? {}, self.labels) &&
      directions(spec).includes(direction),
  );
  if (!isolating.length) return true;
  return isolating.some(({ metadata, spec }) => {
    const rules =
      direction === "Ingress"
        ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
        : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
    return rules.some(
      ({ peers, ports }) =>
        // A rule without peers is for all of them, one without ports for every port.
        (!peers?.length || peers.some((peer) => matches(peer, other, metadata.namespace ?? "default", world))) &&
        (!ports?.length || ports.some((port) => opens(port, connection))),
    );
  });
}

/** Unset, policyTypes is Ingress, and Egress as well where the policy has any egress rule. */
function directions({ policyTypes, egress }: Policy["spec"]): string[] {
  return policyTypes?.length ? policyTypes : egress?.length ? ["Ingress", "Egress"] : ["Ingress"];
}

function matches(peer: PolicyPeer, other: Endpoint, policyNamespace: string, world: World): boolean {
  if (peer.ipBlock) {
    if (isPod(other) && !world.ipBlocksMatchPods) return false;
    return inBlock(peer.ipBlock.cidr, other.ip) && !(peer.ipBlock.except ?? []).some((cidr) => inBlock(cidr, other.ip));
  }
  if (!isPod(other)) return false;
  // Both selectors in one peer: those pods in those namespaces. Without a namespaceSelector: pods of the policy's own.
  const inNamespace = peer.namespaceSelector
    ? selects(peer.namespaceSelector, world.namespaces[other.namespace] ?? {})
    : other.namespace === policyNamespace;
  return inNamespace && selects(peer.podSelector ?? {}, other.labels);
}

function opens({ protocol = "TCP", port, endPort }: PolicyPort, connection: Connection): boolean {
  if (protocol !== connection.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === "number") return connection.port >= port && connection.port <= (endPort ?? port);
  // A name is looked up in the pod that is connected to.
  if (!isPod(connection.to)) return false;
  return connection.to.ports.some(
    (one) => one.name === port && one.containerPort === connection.port && (one.protocol ?? "TCP") === protocol,
  );
}

/** Whether a label selector selects these labels; an empty one selects all. */
export function selects(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Record<string, string>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          throw new Error(`there is no operator ${String(operator)}`);
      }
    })
  );
}

const blocks = new Map<string, BlockList>();

/** Whether an address is in a CIDR. */
export function inBlock(cidr: string, ip: string): boolean {
  const [network = "", prefix] = cidr.split("/");
  const family = isIPv6(network) ? "ipv6" : "ipv4";
  if ((family === "ipv6") !== isIPv6(ip)) return false;
  let block = blocks.get(cidr);
  if (!block) {
    block = new BlockList();
    block.addSubnet(network, Number(prefix), family);
    blocks.set(cidr, block);
  }
  return block.check(ip, family);
}
