import { dataStoreEndpoints } from "../components/model/data-store.ts";
import { addressSchema } from "../components/model/names.ts";
import { ingressHost } from "../components/model/platform-checks.ts";
import { serviceGroup } from "../components/model/platform-relations.ts";
import { groupKey, isPodGroup, type Peer, type PodGroup, type Relation } from "../components/model/relations.ts";
import type { Service } from "../components/model/service.ts";
import type { PlatformModel } from "../components/model/system.ts";
import { relationGraph } from "../components/network/relation-graph.ts";

/** What a node stands for; decides its shape and colour. */
export type NodeKind = "service" | "job" | "data" | "addon" | "ingress" | "cluster" | "outside";

/** One box: pods, an Ingress, or a place outside the cluster. */
export interface DrawnNode {
  id: string;
  kind: NodeKind;
  /** Its name, then what else is worth saying, a line each. */
  lines: string[];
}

/** An arrow: who may open connections to whom. */
export interface DrawnEdge {
  from: string;
  to: string;
  /** Purpose and ports of each relation that it stands for. */
  lines: string[];
}

/** A system in one environment, as a picture before it has coordinates. */
export interface Drawing {
  title: string;
  /** How to read it. */
  legend: string;
  /** Namespaces with what is in them. */
  namespaces: { name: string; label: string; nodes: DrawnNode[] }[];
  /** What is in no namespace. */
  outside: DrawnNode[];
  edges: DrawnEdge[];
}

const legend =
  "An arrow: may open connections, to this port. All else is denied. Every pod may also ask the cluster's DNS (53, UDP and TCP).";

/** The picture of a stack, from the same relations that make its network policies. */
export function drawing(model: PlatformModel): Drawing {
  const relations = relationGraph(model).filter(({ to, ports }) => to === "api-server" || ports.length > 0);
  const groups = new Map<string, PodGroup>();
  for (const service of Object.keys(model.services)) add(groups, serviceGroup(service, model));
  for (const { from, to } of relations) for (const peer of [from, to]) if (isPodGroup(peer)) add(groups, peer);

  const outside = new Map<string, DrawnNode>();
  const edges = new Map<string, DrawnEdge>();
  const connect = (from: string, to: string, lines: string[]) => {
    const key = JSON.stringify([from, to]);
    edges.set(key, { from, to, lines: [...new Set([...(edges.get(key)?.lines ?? []), ...lines])] });
  };
  const end = (peer: Peer, note: string | undefined): string => {
    if (isPodGroup(peer)) return groupKey(peer);
    const node = outsideNode(peer, note);
    outside.set(node.id, node);
    return node.id;
  };
  for (const relation of relations) {
    const { from, to, note } = relation;
    const routes = routesOf(relation, model);
    if (routes.length) {
      for (const { ingress, path, port } of routes) {
        connect(end(from, note), `ingress ${ingress}`, []);
        connect(`ingress ${ingress}`, end(to, note), [`${path} to ${port}`]);
      }
    } else connect(end(from, note), end(to, note), edgeLines(relation, model));
  }

  const nodes = [...groups.values()].map((group) => ({ group, node: podNode(group, model) }));
  const names = [...new Set([model.namespace, ...nodes.map(({ group }) => group.namespace).sort()])];
  return {
    title: `${model.title} in ${model.environment}`,
    legend,
    namespaces: names
      .map((name) => ({
        name,
        label: `namespace ${name}${isOthers(name, model) ? " (another stack's)" : ""}`,
        nodes: [
          ...nodes.filter(({ group }) => group.namespace === name).map(({ node }) => node),
          ...(name === model.namespace ? ingressNodes(model) : []),
        ],
      }))
      .filter(({ nodes: inside }) => inside.length > 0),
    outside: [...outside.values()],
    edges: [...edges.values()],
  };
}

function add(groups: Map<string, PodGroup>, group: PodGroup): void {
  const key = groupKey(group);
  if (!groups.has(key)) groups.set(key, group);
}

function podNode(group: PodGroup, model: PlatformModel): DrawnNode {
  const { id: name, namespace } = group;
  const id = groupKey(group);
  const service = namespace === model.namespace ? model.services[name] : undefined;
  if (service) return { id, kind: "service", lines: [name, workload(service)] };
  const job = namespace === model.namespace ? model.jobs[name] : undefined;
  if (job) return { id, kind: "job", lines: [name, job.schedule ? `CronJob, ${job.schedule}` : "Job"] };
  for (const [data, store] of Object.entries(model.data)) {
    const found = dataStoreEndpoints(data, store).find(({ chartHost }) => chartHost === name);
    if (found && namespace === model.namespace) return { id, kind: "data", lines: [name, store.engine] };
  }
  return { id, kind: "addon", lines: [name] };
}

function workload({ kind, replicas, autoscaling }: Service): string {
  if (kind === "DaemonSet") return "DaemonSet, a pod a node";
  if (autoscaling) return `${kind}, ${autoscaling.min} to ${autoscaling.max} pods`;
  return `${kind}, ${replicas} ${replicas === 1 ? "pod" : "pods"}`;
}

function ingressNodes({ ingresses, domain }: PlatformModel): DrawnNode[] {
  return Object.entries(ingresses).map(([name, { subdomain }]) => ({
    id: `ingress ${name}`,
    kind: "ingress",
    lines: [ingressHost(domain, subdomain), `Ingress ${name}`],
  }));
}

function outsideNode(peer: Exclude<Peer, PodGroup>, note: string | undefined): DrawnNode {
  if (typeof peer === "object") {
    return { id: `outside ${peer.cidr} ${note ?? ""}`, kind: "outside", lines: note ? [note, peer.cidr] : [peer.cidr] };
  }
  switch (peer) {
    case "dns":
      return { id: "dns", kind: "cluster", lines: ["cluster DNS"] };
    case "api-server":
      return { id: "api-server", kind: "cluster", lines: ["Kubernetes API"] };
    case "control-plane":
      return { id: "control-plane", kind: "cluster", lines: ["control plane"] };
    case "nodes":
      return { id: "nodes", kind: "cluster", lines: ["nodes"] };
    case "anywhere":
      return { id: "anywhere", kind: "outside", lines: ["anyone"] };
    case "internet":
      return isHost(note)
        ? { id: `internet ${note}`, kind: "outside", lines: [note, "internet"] }
        : { id: "internet", kind: "outside", lines: ["internet"] };
  }
}

/** Whether a note is the name of a host, as services give it, and no purpose. */
function isHost(note: string | undefined): note is string {
  return addressSchema.safeParse(note).success;
}

function edgeLines({ to, ports, note }: Relation, { network }: PlatformModel): string[] {
  const open = to === "api-server" ? network.apiServer.ports.map((port) => ({ port })) : ports;
  const numbers = open.map(({ port, protocol = "TCP" }: { port: number; protocol?: string }) =>
    protocol === "TCP" ? String(port) : `${port}/${protocol}`,
  );
  // Where a place outside has the note for its name, the arrow need not repeat it.
  const purpose = note && !isHost(note) && to !== "api-server" ? [note] : [];
  return [[...purpose, numbers.join(", ")].join(" ")];
}

/** The routes of Ingresses that a relation from the ingress controller to a service stands for. */
function routesOf(
  { from, to, ports, note }: Relation,
  { ingresses, services, namespace }: PlatformModel,
): { ingress: string; path: string; port: number }[] {
  if (note !== "ingress" || !isPodGroup(from) || !isPodGroup(to) || to.namespace !== namespace) return [];
  return Object.entries(ingresses).flatMap(([ingress, { routes }]) =>
    routes.flatMap(({ path, service, port: name }) => {
      const port = services[service]?.ports.find((one) => !name || one.name === name)?.port;
      const meant = service === to.id && ports.some((one) => one.port === port);
      return meant && port ? [{ ingress, path, port }] : [];
    }),
  );
}

function isOthers(namespace: string, { addons }: PlatformModel): boolean {
  const all: ({ namespace?: string; ownership?: string } | undefined)[] = Object.values(addons);
  const there = all.filter((addon) => addon?.namespace === namespace);
  return there.length > 0 && there.every((addon) => addon?.ownership === "present");
}
