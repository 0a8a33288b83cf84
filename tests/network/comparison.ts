import { jobGroup, serviceGroup } from "../../components/model/platform-relations.ts";
import { isPodGroup, type Peer, podGroups, type Relation } from "../../components/model/relations.ts";
import type { PlatformModel } from "../../components/model/system.ts";
import { relationGraph } from "../../components/network/relation-graph.ts";
import type { Rendered } from "../rendered.ts";
import { type Connection, connects, type Endpoint, inBlock, isPod, lets, selects } from "./evaluator.ts";
import { scene } from "./world.ts";

/** Ranges that are no public address, by their registries: RFC 1918, 6598, 3927, 4193. */
const notPublic = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
];

/** What a stack's relations say, and where they are in force. */
interface Said {
  relations: Relation[];
  network: PlatformModel["network"];
  /** Namespaces that the stack made: what no relation says is denied there. */
  closed: Set<string>;
  /** Pods that have a policy, and with it the cluster's DNS. */
  known: Relation["from"][];
  ipBlocksMatchPods: boolean;
}

/**
 * Compares policies with relations for all pairs of pods and addresses on all ports.
 * @param all the objects of the stacks in one cluster
 * @param models what each of these stacks deploys
 * @returns what differs, and how much was allowed and denied.
 */
export function compare(
  all: Rendered[],
  models: PlatformModel[],
  ipBlocksMatchPods: boolean,
): { differences: string[]; allowed: number; denied: number } {
  const relations = models.flatMap(relationGraph);
  // Names of groups are unique in one stack only.
  const groups = models.flatMap((model) => podGroups(relationGraph(model)));
  const [first] = models;
  if (!first) throw new Error("there is nothing to compare");
  const said: Said = {
    relations,
    network: first.network,
    closed: new Set(all.filter(isOurNamespace).map(({ metadata }) => metadata.name)),
    known: [
      ...groups,
      ...models.flatMap((model) => [
        ...Object.keys(model.services).map((name) => serviceGroup(name, model)),
        ...Object.keys(model.jobs).map((name) => jobGroup(name, model)),
      ]),
    ],
    ipBlocksMatchPods,
  };
  const { world, endpoints, ports } = scene(all, groups, ipBlocksMatchPods);
  const differences: string[] = [];
  let allowed = 0;
  let denied = 0;
  for (const from of endpoints) {
    for (const to of endpoints) {
      if (from === to || (!isPod(from) && !isPod(to))) continue;
      for (const { port, protocol } of ports) {
        const connection = { from, to, port, protocol };
        if (connects(connection, world)) allowed += 1;
        else denied += 1;
        for (const direction of ["Egress", "Ingress"] as const) {
          const self = direction === "Egress" ? from : to;
          if (!isPod(self)) continue;
          const may = lets(direction, connection, world);
          const should = related(direction, connection, said);
          // Pods of others may be closed or not; what a relation says must be open to them all the same.
          if (may !== should && (should || said.closed.has(self.namespace)))
            differences.push(`${direction} ${may ? "open" : "closed"}: ${describe(connection)}`);
        }
      }
    }
  }
  return { differences, allowed, denied };
}

function isOurNamespace({ kind, metadata }: Rendered): boolean {
  return kind === "Namespace" && metadata.labels?.["app.kubernetes.io/managed-by"] === "pulumi";
}

function describe({ from, to, port, protocol }: Connection): string {
  const place = (endpoint: Endpoint) => (isPod(endpoint) ? `${endpoint.name} (${endpoint.namespace})` : endpoint.name);
  return `${place(from)} to ${place(to)} on ${port}/${protocol}`;
}

/** Whether a relation says that a connection may leave one pod or enter another. Every pod with a policy may ask the cluster's DNS. */
function related(
  direction: "Egress" | "Ingress",
  { from, to, port, protocol }: Connection,
  { relations, network, known, ipBlocksMatchPods }: Said,
): boolean {
  const is = (peer: Peer, endpoint: Endpoint): boolean => {
    if (isPodGroup(peer))
      return (
        isPod(endpoint) &&
        endpoint.namespace === peer.namespace &&
        selects({ matchLabels: peer.labels }, endpoint.labels)
      );
    if (peer === "dns") return endpoint.name === "DNS";
    if (isPod(endpoint) && !ipBlocksMatchPods) return false;
    if (typeof peer === "object") return inBlock(peer.cidr, endpoint.ip);
    switch (peer) {
      case "anywhere":
        return true;
      case "internet":
        return !notPublic.some((cidr) => inBlock(cidr, endpoint.ip));
      case "api-server":
      case "control-plane":
        return network.apiServer.cidrs.some((cidr) => inBlock(cidr, endpoint.ip));
      case "nodes":
        return network.nodes.cidrs.some((cidr) => inBlock(cidr, endpoint.ip));
    }
  };
  const onPort = (relation: Relation) =>
    relation.to === "api-server"
      ? protocol === "TCP" && network.apiServer.ports.includes(port)
      : relation.ports.some((one) => one.port === port && (one.protocol ?? "TCP") === protocol);
  if (direction === "Egress" && known.some((group) => is(group, from)) && is("dns", to) && port === 53) return true;
  return relations.some(
    (relation) =>
      isPodGroup(direction === "Egress" ? relation.from : relation.to) &&
      is(relation.from, from) &&
      is(relation.to, to) &&
      onPort(relation),
  );
}
