import { checkScaling } from "./autoscaling-checks.ts";
import type { Probe } from "./probe.ts";
import { type Check, oneOf } from "./problems.ts";
import { parseQuantity, type Resources } from "./quantity.ts";
import { checkBlueGreen } from "./release.ts";
import { drainSeconds, type Service } from "./service.ts";
import type { Problem } from "./system.ts";
import { fileKey } from "./volume.ts";

type CheckedService = Omit<Service, "env" | "uses" | "egress">;

/** What can be wrong with one service taken alone: fields that fit one by one but not together. */
export const serviceChecks: readonly Check<CheckedService>[] = [
  ({ resources }) => checkResources(resources),
  checkScaling,
  checkMetrics,
  checkSingleton,
  checkGrace,
  checkPorts,
  checkProbes,
  checkVolumes,
  checkFiles,
  checkBlueGreen,
];

/** What is wrong with one service taken alone. */
export function checkService(service: CheckedService): Problem[] {
  return serviceChecks.flatMap((check) => check(service));
}

/** A request above its limit, for one container; paths begin with `prefix`. */
export function checkResources(
  { requests, limits }: Resources,
  prefix: (string | number)[] = ["resources"],
): Problem[] {
  return (["cpu", "memory", "ephemeralStorage"] as const).flatMap((name): Problem[] => {
    const request = requests[name];
    const limit = limits[name];
    if (!request || !limit || (parseQuantity(request) ?? 0) <= (parseQuantity(limit) ?? 0)) return [];
    return [
      {
        path: [...prefix, "requests", name],
        message: `request ${request} is above the limit ${limit}`,
        fix: `at most ${limit}, or raise limits.${name}`,
      },
    ];
  });
}

function checkSingleton({
  singleton,
  kind,
  replicas,
  autoscaling,
  blueGreen,
}: Pick<Service, "singleton" | "kind" | "replicas" | "autoscaling" | "blueGreen">): Problem[] {
  if (!singleton) return [];
  const problems: Problem[] = [];
  const one = (field: string, message: string) =>
    problems.push({ path: [field], message, fix: `remove ${field}, or singleton` });
  if (kind === "DaemonSet") one("kind", "a DaemonSet runs one pod a node, and a singleton has one in all");
  if (replicas > 1) one("replicas", `a singleton has one pod, not ${replicas}`);
  if (blueGreen) one("blueGreen", "a singleton never has two pods, and a release beside the old version does");
  if (autoscaling) one("autoscaling", "a singleton has one pod and cannot be scaled");
  return problems;
}

/** The drain counts as a part of the grace period; where it is all of it, a process is killed without having been told. */
function checkGrace({
  ports,
  terminationGracePeriodSeconds,
}: Pick<Service, "ports" | "terminationGracePeriodSeconds">): Problem[] {
  if (!ports.length || terminationGracePeriodSeconds > drainSeconds) return [];
  return [
    {
      path: ["terminationGracePeriodSeconds"],
      message: `${terminationGracePeriodSeconds} s leave no time after the ${drainSeconds} s in which requests drain`,
      fix: `more than ${drainSeconds}`,
    },
  ];
}

function checkPorts({ ports, kind }: Pick<Service, "ports" | "kind">): Problem[] {
  const problems: Problem[] = [];
  for (const [index, port] of ports.entries()) {
    const before = ports.slice(0, index);
    if (before.some(({ name }) => name === port.name))
      problems.push({
        path: ["ports", index, "name"],
        message: `"${port.name}" is used twice`,
        fix: "a name of its own for each port",
      });
    if (before.some((other) => other.port === port.port && other.protocol === port.protocol)) {
      problems.push({
        path: ["ports", index, "port"],
        message: `${port.port}/${port.protocol} is used twice`,
        fix: "each port once",
      });
    }
  }
  if (kind === "StatefulSet" && !ports.length)
    problems.push({
      path: ["ports"],
      message: "a StatefulSet needs a Service for its pods' names",
      fix: "give at least one port",
    });
  return problems;
}

function checkMetrics({ metrics, ports }: Pick<Service, "metrics" | "ports">): Problem[] {
  const names = ports.map(({ name }) => name);
  if (!metrics || names.includes(metrics.port)) return [];
  return [
    { path: ["metrics", "port"], message: `there is no port "${metrics.port}"`, fix: oneOf(metrics.port, names) },
  ];
}

function checkProbes({ probes, ports }: Pick<Service, "probes" | "ports">): Problem[] {
  return Object.entries(probes).flatMap(([name, probe]): Problem[] =>
    probe ? checkProbe(["probes", name], probe, ports) : [],
  );
}

function checkProbe(path: string[], probe: Probe, ports: Service["ports"]): Problem[] {
  const problems: Problem[] = [];
  const target = "http" in probe ? probe.port : "tcp" in probe ? probe.tcp : undefined;
  if (target !== undefined && !ports.some(({ name, port }) => name === target || port === target)) {
    const known = ports.map(({ name, port }) => `${name} (${port})`).join(", ") || "none is declared";
    problems.push({
      path: [...path, "http" in probe ? "port" : "tcp"],
      message: `port ${target} is not declared`,
      fix: `one of: ${known}`,
    });
  }
  const period = probe.periodSeconds ?? 10;
  const timeout = probe.timeoutSeconds ?? 1;
  if (timeout > period)
    problems.push({
      path: [...path, "timeoutSeconds"],
      message: `timeout ${timeout} s is longer than the period ${period} s`,
      fix: `at most ${period}`,
    });
  return problems;
}

function checkVolumes(service: Pick<Service, "volumes" | "files" | "kind" | "replicas" | "autoscaling">): Problem[] {
  const problems: Problem[] = [];
  const mounted = new Map<string, string>();
  for (const [name, volume] of Object.entries(service.volumes)) {
    const path = ["volumes", name];
    const other = mounted.get(volume.mountPath);
    if (other)
      problems.push({
        path: [...path, "mountPath"],
        message: `${volume.mountPath} is taken by volume "${other}"`,
        fix: "a path of its own for each volume",
      });
    mounted.set(volume.mountPath, name);
    if (name === "files" || name === "tmp")
      problems.push({
        path,
        message: `the name "${name}" is kept for the volume that is made for you`,
        fix: "another name",
      });
    if (!("size" in volume)) continue;
    const pods = service.autoscaling?.max ?? service.replicas;
    if (
      service.kind !== "StatefulSet" &&
      volume.accessMode !== "ReadWriteMany" &&
      (pods > 1 || service.kind === "DaemonSet")
    ) {
      problems.push({
        path: [...path, "accessMode"],
        message: `${volume.accessMode} cannot be shared by several pods`,
        fix: "ReadWriteMany, or kind: StatefulSet for one claim a pod",
      });
    }
  }
  for (const file of Object.keys(service.files)) {
    if (mounted.has(file))
      problems.push({
        path: ["files", file],
        message: `volume "${mounted.get(file)}" is mounted there`,
        fix: "another path",
      });
  }
  return problems;
}

/** Files whose keys in their ConfigMap the API server refuses (a key is as the name of a file), or that would overwrite each other. */
function checkFiles({ files }: Pick<Service, "files">): Problem[] {
  const taken = new Map<string, string>();
  return Object.keys(files).flatMap((file): Problem[] => {
    const key = fileKey(file);
    const other = taken.get(key);
    taken.set(key, file);
    const path = ["files", file];
    if (!/^(?!\.\.)[-._a-zA-Z0-9]{1,253}$/.test(key) || key === ".")
      return [
        {
          path,
          message: `"${key}" is no key of a ConfigMap`,
          fix: "a path of letters, digits, '-', '_', '.' and '/', at most 254 characters",
        },
      ];
    if (!other) return [];
    return [
      { path, message: `has the key ${key} of the ConfigMap, as ${other} has`, fix: "another path for one of them" },
    ];
  });
}
