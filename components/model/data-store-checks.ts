import type { Demand } from "./capacity.ts";
import { copiesOf, type DataStore, loginName, type PostgresqlStore } from "./data-store-schema.ts";
import { parseQuantity } from "./quantity.ts";
import { checkResources } from "./service-checks.ts";
import type { Problem } from "./system.ts";

/** Keys of a connection Secret whose names are given, and that a URL key may therefore not take. */
const fixedKeys = ["host", "port", "database", "username", "password", "read-host"];

/** What is wrong with one data store: fields that fit one by one but not together. */
export function checkDataStore(store: DataStore): Problem[] {
  const field = store.engine === "postgresql" ? "readReplicas" : "replicas";
  const declared = store.engine === "postgresql" ? store.readReplicas : store.replicas;
  const problems: Problem[] = [];
  if (store.architecture === "standalone" && declared && !store.existing) {
    problems.push({
      path: [field],
      message: "there are no replicas in architecture standalone",
      fix: `architecture: replication, or ${field}: false`,
    });
  }
  if (store.architecture === "replication" && !declared && !store.existing) {
    problems.push({
      path: [field],
      message: "is missing: architecture replication is made of replicas",
      fix: `give ${field}.count, .storage and .resources, or architecture: standalone`,
    });
  }
  if (declared && smaller(declared.storage.size, store.storage.size)) {
    problems.push({
      path: [field, "storage", "size"],
      message: `${declared.storage.size} cannot hold a copy of ${store.storage.size}`,
      fix: `at least ${store.storage.size}`,
    });
  }
  problems.push(...checkResources(store.resources));
  if (declared) problems.push(...checkResources(declared.resources, [field, "resources"]));
  if (store.engine === "postgresql") problems.push(...checkOperations(store));
  const { urlKey } = store.connectionSecret;
  if (fixedKeys.includes(urlKey)) {
    problems.push({
      path: ["connectionSecret", "urlKey"],
      message: `"${urlKey}" is the key of another value`,
      fix: "a key of its own, such as url",
    });
  }
  return problems;
}

function checkOperations(store: PostgresqlStore): Problem[] {
  const problems: Problem[] = [];
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
