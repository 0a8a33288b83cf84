import { authSecretName, dataStoreEndpoints } from "./data-store-relations.ts";
import { serviceHost } from "./service.ts";
import type { PlatformModel, Problem } from "./system.ts";

type Model = Pick<PlatformModel, "services" | "jobs" | "data" | "secrets" | "configs">;

/** Two objects of one kind under one name would become one. */
export function checkNames(model: Model): Problem[] {
  return [...checkComponents(model), ...checkHosts(model), ...checkSecretNames(model), ...checkConfigNames(model)];
}

/** `uses` and the drawing name services and data stores alike. */
function checkComponents({ services, data }: Model): Problem[] {
  return Object.keys(data)
    .filter((name) => name in services)
    .map((name) => ({
      path: ["data", name],
      message: `"${name}" is the name of a service too`,
      fix: "a name of its own for each",
    }));
}

function checkHosts({ services, data }: Model): Problem[] {
  const named: [string[], string][] = [
    ...Object.entries(data)
      // Of a service and a data store under one name is told already.
      .filter(([name]) => !(name in services))
      .flatMap(([name, store]) =>
        store.existing
          ? []
          : dataStoreEndpoints(name, store)
              .flatMap(({ host, chartHost = host }) => [...new Set([host, chartHost])])
              .map((host): [string[], string] => [["data", name], host]),
      ),
    ...Object.entries(services)
      .filter(([, { ports }]) => ports.length)
      .flatMap(([name, service]): [string[], string][] => [
        [["services", name], serviceHost(name, service)],
        ...(service.kind === "StatefulSet" ? [[["services", name], `${name}-headless`] as [string[], string]] : []),
      ]),
  ];
  return twice(named, (path) => [...path, "serviceName"], "Service");
}

function checkSecretNames({ data, secrets }: Model): Problem[] {
  const named: [string[], string][] = [
    ...Object.keys(secrets).map((name): [string[], string] => [["secrets"], name]),
    ...Object.entries(data).flatMap(([name, store]): [string[], string][] =>
      [store.connectionSecret.name, ...(store.existing ? [] : [authSecretName(name)])].map((secret) => [
        ["data", name],
        secret,
      ]),
    ),
  ];
  return twice(named, (path) => [...path, "connectionSecret", "name"], "Secret");
}

function checkConfigNames({ services, jobs, configs }: Model): Problem[] {
  const named: [string[], string][] = [
    ...Object.entries(services)
      .filter(([, { files }]) => Object.keys(files).length)
      .map(([name]): [string[], string] => [["services", name, "files"], `${name}-files`]),
    ...Object.entries(jobs)
      .filter(([, { from }]) => Object.keys(services[from]?.files ?? {}).length)
      .map(([name]): [string[], string] => [["jobs", name], `${name}-files`]),
    ...Object.keys(configs).map((name): [string[], string] => [["configs", name], name]),
  ];
  return twice(named, (path) => path, "ConfigMap");
}

/** A problem for each name that was taken before, in the order given. */
function twice(named: [string[], string][], place: (path: string[]) => string[], kind: string): Problem[] {
  const taken = new Map<string, string>();
  return named.flatMap(([path, name]) => {
    const other = taken.get(name);
    taken.set(name, path.join("."));
    if (!other) return [];
    return [
      { path: place(path), message: `"${name}" is taken by ${other}`, fix: `a name of its own for each ${kind}` },
    ];
  });
}
