import { holds, isAddress } from "./address.ts";
import type { Demand } from "./capacity.ts";
import { copiesOf, type DataStore, type ExistingServer, loginName, type PostgresqlStore } from "./data-store-schema.ts";
import type { Check } from "./problems.ts";
import { parseQuantity } from "./quantity.ts";
import { checkResources } from "./service-checks.ts";
import type { Problem } from "./system.ts";

/** Keys of a connection Secret whose names are given, and that a URL key may therefore not take. */
const fixedKeys = ["host", "port", "database", "username", "password", "read-host"];

/** What can be wrong with one data store: fields that fit one by one but not together. */
export const dataStoreChecks: readonly Check<DataStore>[] = [
  ...[
    checkArchitecture,
    checkCopies,
    ({ resources }: DataStore) => checkResources(resources),
    (store: DataStore) => (store.engine === "postgresql" ? checkOperations(store) : []),
  ].map(ofServers),
  ({ existing }) => (existing ? checkExisting(existing) : []),
  checkUrlKey,
];

/** The same check, of the servers that a chart makes: one that exists follows no rules of ours. */
function ofServers(check: Check<DataStore>): Check<DataStore> {
  return (store) => (store.existing ? [] : check(store));
}

/** What is wrong with one data store. */
export function checkDataStore(store: DataStore): Problem[] {
  return dataStoreChecks.flatMap((check) => check(store));
}

/** The read-only copies that a store declares, and under which field. */
function declaredCopies(store: DataStore) {
  return store.engine === "postgresql"
    ? { field: "readReplicas", copies: store.readReplicas }
    : { field: "replicas", copies: store.replicas };
}

function checkArchitecture(store: DataStore): Problem[] {
  const { field, copies } = declaredCopies(store);
  if (store.architecture === "standalone" && copies)
    return [
      {
        path: [field],
        message: "there are no replicas in architecture standalone",
        fix: `architecture: replication, or ${field}: false`,
      },
    ];
  if (store.architecture === "replication" && !copies)
    return [
      {
        path: [field],
        message: "is missing: architecture replication is made of replicas",
        fix: `give ${field}.count, .storage and .resources, or architecture: standalone`,
      },
    ];
  return [];
}

function checkCopies(store: DataStore): Problem[] {
  const { field, copies } = declaredCopies(store);
  if (!copies) return [];
  const problems: Problem[] = [];
  if (smaller(copies.storage.size, store.storage.size))
    problems.push({
      path: [field, "storage", "size"],
      message: `${copies.storage.size} cannot hold a copy of ${store.storage.size}`,
      fix: `at least ${store.storage.size}`,
    });
  return [...problems, ...checkResources(copies.resources, [field, "resources"])];
}

function checkUrlKey({ connectionSecret: { urlKey } }: DataStore): Problem[] {
  if (!fixedKeys.includes(urlKey)) return [];
  return [
    {
      path: ["connectionSecret", "urlKey"],
      message: `"${urlKey}" is the key of another value`,
      fix: "a key of its own, such as url",
    },
  ];
}

function checkExisting({ host, cidr }: ExistingServer): Problem[] {
  if (!cidr || !isAddress(host) || holds(cidr, host)) return [];
  return [
    {
      path: ["existing", "cidr"],
      message: `${host} is not in ${cidr}, so network policies would keep the server away`,
      fix: `a range with ${host} in it, or leave cidr out`,
    },
  ];
}

function checkOperations(store: PostgresqlStore): Problem[] {
  const problems = store.backup ? checkResources(store.backup.resources, ["backup", "resources"]) : [];
  if (loginName(store).length > 63)
    problems.push({
      path: ["rotation"],
      message: `${loginName(store)} is no role's name: it has more than 63 characters`,
      fix: "a shorter username",
    });
  return problems;
}

/** What a store asks of the cluster: one entry for the server that takes writes, one for its copies. Nothing for a managed server. */
export function dataStoreDemands(store: DataStore): Demand[] {
  if (store.existing) return [];
  const copies = copiesOf(store);
  const demand = ({ resources, storage }: Pick<DataStore, "resources" | "storage">, pods: number): Demand => ({
    cpu: resources.requests.cpu,
    memory: resources.requests.memory,
    storage: [storage.size],
    pods,
  });
  return [demand(store, 1), ...(copies ? [demand(copies, copies.count)] : []), ...backupDemands(store)];
}

function backupDemands(store: DataStore): Demand[] {
  if (store.engine !== "postgresql" || !store.backup) return [];
  const { resources, storage } = store.backup;
  return [{ ...resources.requests, storage: [storage.size ?? store.storage.size], pods: 1 }];
}

function smaller(a: string, b: string): boolean {
  return (parseQuantity(a) ?? 0) < (parseQuantity(b) ?? 0);
}
