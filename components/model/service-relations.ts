import { type DataStore, dataStorePeers } from "./data-store.ts";
import { selectorLabels, smokeName } from "./names.ts";
import type { Peer, PodGroup, Relation, RelationPort } from "./relations.ts";
import type { Service } from "./service.ts";

/** Where a service belongs: its namespace, and the value of app.kubernetes.io/instance. */
export interface Place {
  namespace: string;
  instance: string;
}

/** What can be called: pods or addresses, and the ports that answer. */
export interface Target {
  peer: Peer;
  ports: RelationPort[];
  /** What it is, where the peer does not say so: a host name. */
  note?: string;
}

/** The pods of a service, of every colour. */
export function podsOf(name: string, { namespace, instance }: Place, labels: Record<string, string> = {}): PodGroup {
  return { id: name, namespace, labels: { ...selectorLabels(name, instance), ...labels } };
}

/** What those find that use a service. */
export function serviceTargets(pods: PodGroup, { ports }: Pick<Service, "ports">): Target[] {
  return [{ peer: pods, ports: ports.map(({ port, protocol }) => ({ port, protocol })) }];
}

/** What those find that use a data store: the server that takes writes, and its read-only copies. */
export function dataStoreTargets(name: string, namespace: string, store: DataStore): Target[] {
  return dataStorePeers(name, namespace, store).map(({ peer, port }) => ({
    peer,
    ports: [{ port }],
    ...(store.existing ? { note: store.existing.host } : {}),
  }));
}

/** What pods of a service, and of jobs in its image, may reach: what they use, and the world outside. */
export function outgoingRelations(from: PodGroup, used: Target[], egress: Service["egress"]): Relation[] {
  return [
    ...used.map(({ peer, ports, note }) => ({ from, to: peer, ports, ...(note ? { note } : {}) })),
    ...egress.map(({ host, ports }): Relation => {
      return { from, to: "internet", ports: ports.map((port) => ({ port })), note: host };
    }),
  ];
}

/**
 * What a service's pods do beside that: ask the Kubernetes API, and be checked before they get traffic. The check is there
 * whether a release is under way or not, so that no release has to change a policy.
 */
export function ownRelations(
  name: string,
  pods: PodGroup,
  place: Place,
  { access, blueGreen, ports }: Pick<Service, "access" | "blueGreen" | "ports">,
): Relation[] {
  const checked = blueGreen && ports.find((port) => !blueGreen.smoke.port || port.name === blueGreen.smoke.port);
  return [
    ...(access ? [{ from: pods, to: "api-server" as const, ports: [], note: "Kubernetes API" }] : []),
    ...(checked
      ? [{ from: podsOf(smokeName(name), place), to: pods, ports: [{ port: checked.port }], note: "smoke check" }]
      : []),
  ];
}

/** A route from the ingress controller to one port of a service: the named one, or its first. */
export function routeRelations(
  controller: PodGroup,
  to: PodGroup,
  { ports }: Pick<Service, "ports">,
  port?: string,
): Relation[] {
  const target = ports.find((candidate) => !port || candidate.name === port);
  return target ? [{ from: controller, to, ports: [{ port: target.port }], note: "ingress" }] : [];
}
