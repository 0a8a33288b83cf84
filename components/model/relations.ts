/**
 * The relation graph: who may talk to whom, on which ports. It is derived from what services, routes, data stores and
 * add-ons declare, and everything that needs to know is derived from it: both sides of every NetworkPolicy and the drawing.
 */

/** A set of pods that a selector finds. */
export interface PodGroup {
  /** Unique in its namespace, where the group's NetworkPolicy is `<id>-netpol`. */
  id: string;
  namespace: string;
  /** Labels that these pods carry and no others do. */
  labels: Record<string, string>;
}

/**
 * One end of a relation. `api-server` is reached by address, since no selector matches it; `control-plane` is where webhook
 * calls come from; `nodes` is where kubelets and what shares their network answer; `internet` is every address but private and link-local ones; `anywhere` is every address.
 */
export type Peer =
  | PodGroup
  | "dns"
  | "api-server"
  | "control-plane"
  | "nodes"
  | "internet"
  | "anywhere"
  | { cidr: string };

/** A port of the receiving side, as its container listens. */
export interface RelationPort {
  port: number;
  protocol?: "TCP" | "UDP";
}

/** `from` may open connections to `to` on these ports. */
export interface Relation {
  from: Peer;
  to: Peer;
  ports: RelationPort[];
  /** What the relation is for, shown in drawings: a host name, a purpose. */
  note?: string;
}

/** What has a part in the graph. */
export interface Member {
  /** Its own pods. */
  readonly groups: PodGroup[];
  /** What it knows of who may talk to whom: mostly what its own pods reach. */
  readonly relations: Relation[];
}

/** Whether a peer is a set of pods of ours. */
export function isPodGroup(peer: Peer): peer is PodGroup {
  return typeof peer === "object" && "id" in peer;
}

/** What tells a pod group from all others: a service may well be called as an add-on's pods are in their own namespace. */
export function groupKey({ namespace, id }: PodGroup): string {
  return `${namespace}/${id}`;
}

/** Whether two ends of relations are the same. */
export function samePeer(a: Peer, b: Peer): boolean {
  return isPodGroup(a) && isPodGroup(b) ? groupKey(a) === groupKey(b) : JSON.stringify(a) === JSON.stringify(b);
}

/** Every pod group that a relation names, each once, in order of id and namespace. */
export function podGroups(relations: Relation[]): PodGroup[] {
  const found = new Map<string, PodGroup>();
  for (const { from, to } of relations) {
    for (const peer of [from, to]) if (isPodGroup(peer)) found.set(groupKey(peer), peer);
  }
  return [...found.values()].sort((a, b) => ((a.id === b.id ? a.namespace < b.namespace : a.id < b.id) ? -1 : 1));
}

/** Whether the graph lets `from` reach `to` on a port; all else is denied. */
export function allows(relations: Relation[], from: Peer, to: Peer, port: number): boolean {
  return relations.some(
    (relation) =>
      samePeer(relation.from, from) && samePeer(relation.to, to) && relation.ports.some((p) => p.port === port),
  );
}
