import { isAddress } from "./address.ts";
import { backupName } from "./backup.ts";
import { copiesOf, type DataStore, type ExistingServer } from "./data-store-schema.ts";
import { selectorLabels } from "./names.ts";
import type { Peer, PodGroup, Relation } from "./relations.ts";

/** The port each engine listens on where nothing else is said (IANA service names). */
const enginePorts = { postgresql: 5432, redis: 6379 } as const;

/** Where a store is reached. */
export interface DataStoreEndpoint {
  /** `primary` takes writes; `replica` answers reads, a moment behind. */
  role: "primary" | "replica";
  /** Host name as applications in the same namespace write it. */
  host: string;
  /** Name of the chart's own Service, where the server runs here. */
  chartHost?: string;
  port: number;
  /** The labels of the pods behind the host; none for a managed server. */
  podLabels?: Record<string, string>;
  /** Addresses of a managed server; undefined where they are not known. */
  cidr?: string;
}

/**
 * The endpoints of a store: the chart's real Service names and pod labels (bitnami/charts, `common.names.fullname` with
 * fullnameOverride), or the managed server.
 */
export function dataStoreEndpoints(name: string, store: DataStore): DataStoreEndpoint[] {
  const port = store.existing?.port ?? enginePorts[store.engine];
  if (store.existing) {
    const { host } = store.existing;
    const cidr = existingRange(store.existing);
    return [{ role: "primary", host, port, ...(cidr ? { cidr } : {}) }];
  }
  const words = {
    postgresql: { primary: "primary", replica: "read", replicaHost: "read" },
    redis: { primary: "master", replica: "replica", replicaHost: "replicas" },
  }[store.engine];
  const podLabels = (component: string) => ({
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/name": store.engine,
    "app.kubernetes.io/component": component,
  });
  // A standalone PostgreSQL Service carries the bare name; Redis always says which one it is.
  const primaryHost =
    store.engine === "postgresql" && store.architecture === "standalone" ? name : `${name}-${words.primary}`;
  const primary: DataStoreEndpoint = {
    role: "primary",
    host: store.serviceName ?? primaryHost,
    chartHost: primaryHost,
    port,
    podLabels: podLabels(words.primary),
  };
  if (!copiesOf(store)) return [primary];
  const host = `${name}-${words.replicaHost}`;
  return [primary, { role: "replica", host, chartHost: host, port, podLabels: podLabels(words.replica) }];
}

/** Where a managed server is, for network policies; undefined where only its name is known. */
export function existingRange({ host, cidr }: ExistingServer): string | undefined {
  return cidr ?? (isAddress(host) ? `${host}/32` : undefined);
}

/** The pods of a store, or the addresses of a managed one, as ends of relations; each with the port that it answers on. */
export function dataStorePeers(
  name: string,
  namespace: string,
  store: DataStore,
): { peer: Peer; port: number; role: DataStoreEndpoint["role"] }[] {
  return dataStoreEndpoints(name, store).map(({ role, host, chartHost = host, port, podLabels, cidr }) => {
    const group: PodGroup | undefined = podLabels && { id: chartHost, namespace, labels: podLabels };
    return { peer: group ?? (cidr ? { cidr } : "internet"), port, role };
  });
}

/** What the pods of a store say to each other, replicas to the primary, and what its Jobs say to it. */
export function dataStoreRelations(name: string, namespace: string, instance: string, store: DataStore): Relation[] {
  const [primary, ...replicas] = dataStorePeers(name, namespace, store);
  if (!primary) return [];
  const job = (id: string): PodGroup => ({ id, namespace, labels: selectorLabels(id, instance) });
  return [
    ...replicas.map(({ peer }) => ({ from: peer, note: "replication" })),
    ...storeJobs(name, store).map((id) => ({ from: job(id), note: "operations" })),
  ].map(({ from, note }) => ({ from, to: primary.peer, ports: [{ port: primary.port }], note }));
}

/** Names of the Jobs that work on a store's server. */
export function storeJobs(name: string, store: DataStore): string[] {
  if (store.engine !== "postgresql" || store.existing) return [];
  return [
    ...(store.backup ? [backupName(name)] : []),
    ...(store.rotation ? [rotationName(name), retireName(name)] : []),
  ];
}

/** Name of the Job that makes the login of a rotation, and of the Secret with its password. */
export function rotationName(name: string): string {
  return `${name}-rotation`;
}

/** Name of the Job that takes earlier logins away. */
export function retireName(name: string): string {
  return `${name}-retire`;
}

/** Name of the Secret that a store's chart reads its passwords from. */
export function authSecretName(name: string): string {
  return `${name}-auth`;
}

/** The keys of a store's connection Secret. */
export function connectionKeys(store: DataStore): string[] {
  return [
    "host",
    "port",
    ...(store.engine === "postgresql" ? ["database", "username"] : []),
    "password",
    ...(copiesOf(store) ? ["read-host"] : []),
    store.connectionSecret.urlKey,
  ];
}
