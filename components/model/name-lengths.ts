import { backupName } from "./backup.ts";
import { colors } from "./blue-green.ts";
import { dataStoreEndpoints, retireName, rotationName } from "./data-store-relations.ts";
import type { DataStore } from "./data-store-schema.ts";
import type { Job } from "./job.ts";
import { smokeName } from "./names.ts";
import { type Service, serviceHost } from "./service.ts";
import type { Problem } from "./system.ts";

/** Most characters of what a name becomes, with all that Kubernetes adds to it. */
const limits = {
  // A host name, and a label's value.
  Service: 63,
  // Its pods carry the name, a dash and up to ten digits as the label controller-revision-hash.
  StatefulSet: 52,
  // Its Jobs have a dash and ten digits more, and their pods carry that as a label.
  CronJob: 52,
  Job: 63,
};

interface Made {
  kind: keyof typeof limits;
  name: string;
}

const hex = (digits: number) => `-${"0".repeat(digits)}`;

/**
 * A service whose name is too long for the objects that are made of it. Paths are the service's own.
 * @param path where the name stands; nowhere in the service where that is an entry of a system
 */
export function checkServiceName(
  name: string,
  service: Pick<Service, "kind" | "serviceName" | "blueGreen" | "ports">,
  path: string[] = ["name"],
): Problem[] {
  const own: Made[] = [];
  if (service.kind === "StatefulSet")
    own.push({ kind: "StatefulSet", name }, { kind: "Service", name: `${name}-headless` });
  const services: Made[] = [];
  if (service.blueGreen)
    for (const color of colors) {
      own.push({ kind: "Job", name: `${smokeName(name)}-${color}${hex(10)}` });
      services.push({ kind: "Service", name: `${serviceHost(name, service)}-${color}` });
    }
  return service.serviceName
    ? [...tooLong(path, name, own), ...tooLong(["serviceName"], service.serviceName, services)]
    : tooLong(path, name, [...own, ...services]);
}

/** The same for a job of a system. */
export function checkJobName(name: string, { schedule }: Pick<Job, "schedule">): Problem[] {
  return tooLong([], name, [schedule ? { kind: "CronJob", name } : { kind: "Job", name: `${name}${hex(12)}` }]);
}

/** The same for a data store. */
export function checkStoreName(name: string, store: DataStore, path: string[] = ["name"]): Problem[] {
  if (store.existing) return [];
  const made: Made[] = dataStoreEndpoints(name, store).map(({ host, chartHost = host }) => ({
    kind: "StatefulSet",
    name: chartHost,
  }));
  if (store.engine === "postgresql" && store.backup) made.push({ kind: "CronJob", name: backupName(name) });
  if (store.engine === "postgresql" && store.rotation)
    for (const job of [rotationName(name), retireName(name)]) made.push({ kind: "Job", name: `${job}${hex(12)}` });
  return tooLong(path, name, made);
}

/** One problem for the object that leaves a name the least room, where that is too little. */
function tooLong(path: string[], name: string, made: Made[]): Problem[] {
  const [tightest] = made
    .map((object) => ({ ...object, room: limits[object.kind] - (object.name.length - name.length) }))
    .sort((a, b) => a.room - b.room);
  if (!tightest || name.length <= tightest.room) return [];
  const { kind, name: object, room } = tightest;
  return [
    {
      path,
      message: `"${name}" is too long: its ${kind} would be called ${object.replace(/-0+$/, "-…")}, and one may have ${limits[kind]} characters`,
      fix: `at most ${room} characters`,
    },
  ];
}
