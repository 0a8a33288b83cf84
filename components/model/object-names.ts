import { backupName } from "./backup.ts";
import { colors } from "./blue-green.ts";
import { authSecretName, dataStoreEndpoints, rotationName, storeJobs } from "./data-store-relations.ts";
import type { DataStore } from "./data-store-schema.ts";
import { grafanaSecretName } from "./monitoring.ts";
import { smokeName } from "./names.ts";
import { type Service, serviceHost } from "./service.ts";
import type { PlatformModel } from "./system.ts";
import { veleroCredentials } from "./velero.ts";

/** What the names of a system's objects are made of. */
export type NamedModel = Pick<
  PlatformModel,
  | "name"
  | "services"
  | "jobs"
  | "volumes"
  | "data"
  | "secrets"
  | "configs"
  | "ingresses"
  | "alerts"
  | "addons"
  | "pullSecrets"
>;

/** A name that something in a model takes among those of its kind. */
export interface ObjectName {
  /** Kind of the object; "workload" stands for all that run pods, with their disruption budgets. */
  kind: string;
  name: string;
  /** What of the model the object belongs to. */
  owner: (string | number)[];
  /** The part of the owner that it is made for, such as one of its volumes. */
  part?: string[];
  /** The field that says the name; where it is left out, the names of owner and part do. */
  field?: string[];
  /** The add-on in whose namespace it is; in the system's own where it is left out. */
  addon?: string;
}

type Owned = Omit<ObjectName, "owner">;

const named =
  (kind: string, more: Pick<Owned, "part" | "field"> = {}) =>
  (name: string): Owned => ({ kind, name, ...more });

/**
 * The names of a system's objects, as components make them. Pulumi's own names of generated passwords are among them, which are
 * joined of two in the same way.
 */
export function objectNames(model: NamedModel): ObjectName[] {
  const { services, jobs, data, volumes, configs, alerts } = model;
  const all: [ObjectName["owner"], Owned[]][] = [
    // What has the name of a service is told of as a whole: it would clash in every kind.
    ...Object.entries(data).flatMap(([name, store]): typeof all =>
      Object.hasOwn(services, name) ? [] : [[["data", name], storeNames(name, store)]],
    ),
    ...Object.entries(services).map(([name, service]): (typeof all)[number] => [
      ["services", name],
      serviceNames(name, service),
    ]),
    ...Object.entries(jobs).flatMap(([name, { from }]): typeof all =>
      Object.hasOwn(services, name) || Object.hasOwn(data, name)
        ? []
        : [[["jobs", name], jobNames(name, services[from])]],
    ),
    ...Object.keys(volumes).map((name): (typeof all)[number] => [
      ["volumes", name],
      [named("PersistentVolumeClaim")(name)],
    ]),
    ...Object.keys(configs).map((name): (typeof all)[number] => [["configs", name], [named("ConfigMap")(name)]]),
    [["name"], [named("PrometheusRule")(`${model.name}-system`)]],
    ...Object.keys(alerts).map((name): (typeof all)[number] => [["alerts", name], [named("PrometheusRule")(name)]]),
    ...secretNames(model),
  ];
  return all.flatMap(([owner, names]) => names.map((name) => ({ ...name, owner })));
}

function serviceNames(name: string, service: Service): Owned[] {
  const { kind, ports, volumes, files, blueGreen } = service;
  const host = serviceHost(name, service);
  const own = kind === "StatefulSet";
  const claims = Object.entries(volumes).flatMap(([volume, mount]) => ("size" in mount ? [volume] : []));
  return [
    ...(blueGreen ? colors.map((color) => `${name}-${color}`) : [name]).map(named("workload")),
    ...(ports.length ? [host, ...(blueGreen ? colors.map((color) => `${host}-${color}`) : [])] : []).map(
      named("Service", { field: ["serviceName"] }),
    ),
    ...(own ? [`${name}-headless`] : []).map(named("Service", { field: ["serviceName"] })),
    // Pods of a StatefulSet have a claim each, with the pod's number behind.
    ...claims.map((volume) =>
      named("PersistentVolumeClaim", { part: ["volumes", volume] })(own ? `${volume}-${name}-0` : `${name}-${volume}`),
    ),
    named("ServiceAccount")(name),
    ...[name, ...(blueGreen ? [smokeName(name)] : [])].map(named("NetworkPolicy")),
    ...(Object.keys(files).length ? [`${name}-files`] : []).map(named("ConfigMap", { part: ["files"] })),
  ];
}

function jobNames(name: string, service: Service | undefined): Owned[] {
  return [
    ...workNames(name),
    ...(Object.keys(service?.files ?? {}).length ? [`${name}-files`] : []).map(named("ConfigMap")),
  ];
}

/** What every job has, one of a data store too. */
function workNames(name: string): Owned[] {
  return ["job", "ServiceAccount", "NetworkPolicy"].map((kind) => named(kind)(name));
}

/** What a store's chart makes (bitnami/charts), and what works on its server. */
function storeNames(name: string, store: DataStore): Owned[] {
  if (store.existing) return [];
  const endpoints = dataStoreEndpoints(name, store);
  const sets = endpoints.map(({ host, chartHost = host }) => chartHost);
  const redis = store.engine === "redis";
  const headless = redis ? [`${name}-headless`] : sets.map((set) => `${set}-hl`);
  return [
    ...sets.map(named("workload")),
    ...[...new Set([...endpoints.map(({ host }) => host), ...sets, ...headless])].map(
      named("Service", { field: ["serviceName"] }),
    ),
    ...sets.map((set) => `${redis ? "redis-data" : "data"}-${set}-0`).map(named("PersistentVolumeClaim")),
    ...(redis ? [`${name}-master`, `${name}-replica`] : [name]).map(named("ServiceAccount")),
    ...sets.map(named("NetworkPolicy")),
    ...(redis ? ["configuration", "health", "scripts"] : []).map((part) => named("ConfigMap")(`${name}-${part}`)),
    ...storeJobs(name, store).flatMap(workNames),
    ...(redis ? [] : ["password", "postgres-password", "replication-password"]).map((key) =>
      named("generated password")(`${name}-${key}`),
    ),
    ...(!redis && store.backup ? [named("PersistentVolumeClaim")(backupName(name))] : []),
  ];
}

/** Secrets of the system, then what takes names beside them: certificates, and pull Secrets, which are in each namespace. */
function secretNames({ secrets, data, ingresses, addons, pullSecrets }: NamedModel): [ObjectName["owner"], Owned[]][] {
  const issued = new Set<string>();
  const once = (name: string): Owned[] => {
    if (issued.has(name)) return [];
    issued.add(name);
    return [named("issued secret")(name)];
  };
  return [
    ...Object.entries(secrets).map(([name, keys]): [string[], Owned[]] => [
      ["secrets", name],
      [
        named("Secret")(name),
        ...Object.entries(keys).flatMap(([key, source]) => {
          if ("generate" in source) return [named("generated password", { part: [key] })(`${name}-${key}`)];
          return "config" in source ? once(source.config) : [];
        }),
      ],
    ]),
    ...Object.entries(data).map(([name, store]): [string[], Owned[]] => [
      ["data", name],
      [
        named("Secret", { field: ["connectionSecret", "name"] })(store.connectionSecret.name),
        ...(store.existing ? once(`${name}-password`) : [named("Secret")(authSecretName(name))]),
        ...(store.engine === "postgresql" && store.rotation && !store.existing
          ? [named("Secret")(rotationName(name))]
          : []),
      ],
    ]),
    ...Object.entries(ingresses).map(([name, { tlsSecret }]): [string[], Owned[]] => [
      ["ingresses", name],
      [named("Secret", { field: ["tlsSecret"] })(tlsSecret)],
    ]),
    ...(addons.monitoring?.ownership === "own" ? [inAddon("monitoring", named("Secret")(grafanaSecretName))] : []),
    ...(addons.velero?.ownership === "own" ? [inAddon("velero", named("Secret")(veleroCredentials))] : []),
    ...pullSecrets.map((name, index): [ObjectName["owner"], Owned[]] => [
      ["pullSecrets", index],
      [
        named("Secret")(name),
        { ...named("Secret")(name), addon: "monitoring" },
        { ...named("Secret")(name), addon: "velero" },
        named("issued secret")(name),
      ],
    ]),
  ];
}

function inAddon(addon: string, name: Owned): [string[], Owned[]] {
  return [["addons", addon], [{ ...name, addon }]];
}
