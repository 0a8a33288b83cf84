import { borrowed } from "./job.ts";
import { own } from "./own.ts";
import { parseQuantity } from "./quantity.ts";
import type { Service } from "./service.ts";
import type { Quota, System } from "./system.ts";

/** Requests of some pods together: cores and bytes. */
export interface Capacity {
  cpu: number;
  memory: number;
  pods: number;
  storage: number;
}

/** A pod's requests and disk, times how many of them there may be. */
export interface Demand {
  cpu: string;
  memory: string;
  /** Claimed storage of each pod, or of all where `sharedStorage`. */
  storage: string[];
  sharedStorage?: boolean;
  pods: number;
  /** Whether there are as many on each node; nobody knows then how many in all. */
  perNode?: boolean;
}

/** Room for what comes and goes beside the workloads: challenge solvers, one-off pods of an operator. */
const spare: Capacity = { cpu: 1, memory: 1024 ** 3, pods: 10, storage: 0 };

/** What one service may ask for at its largest, a rolling update's extra pod and both colours of a release included. */
export function serviceDemand(service: Service): Demand {
  const { kind, replicas, autoscaling, volumes, singleton, blueGreen } = service;
  const largest = autoscaling?.max ?? replicas;
  const own = kind === "StatefulSet";
  const surge = own || singleton ? 0 : 1;
  return {
    cpu: largestRequest(service, "cpu"),
    memory: largestRequest(service, "memory"),
    storage: Object.values(volumes).flatMap((volume) => ("size" in volume ? [volume.size] : [])),
    sharedStorage: !own,
    ...(kind === "DaemonSet" ? { pods: 1, perNode: true } : { pods: (largest + surge) * (blueGreen ? 2 : 1) }),
  };
}

/** What one pod may come to request: a VerticalPodAutoscaler that acts may raise it to its bound. */
function largestRequest({ resources, verticalScaling }: Service, resource: "cpu" | "memory"): string {
  const own = resources.requests[resource];
  const bound = verticalScaling?.max[resource];
  const acts = verticalScaling && verticalScaling.mode !== "Off" && verticalScaling.resources.includes(resource);
  return acts && bound && amount(bound) > amount(own) ? bound : own;
}

/** What jobs may ask for, all at once, and the disk that services share. */
export function sharedDemands({ services, jobs, volumes }: Pick<System, "services" | "jobs" | "volumes">): Demand[] {
  const running = Object.values(jobs).flatMap((job): Demand[] => {
    const service = own(services, job.from);
    return service ? [{ ...borrowed(job, service).resources.requests, storage: [], pods: 1 }] : [];
  });
  const storage = Object.values(volumes).map(({ size }) => size);
  return [...running, { cpu: "0", memory: "0", storage, sharedStorage: true, pods: 0 }];
}

/** The sum of all demands, as if there were one node. */
export function sum(demands: Demand[]): Capacity {
  const total: Capacity = { cpu: 0, memory: 0, pods: 0, storage: 0 };
  for (const { cpu, memory, storage, sharedStorage, pods } of demands) {
    total.cpu += amount(cpu) * pods;
    total.memory += amount(memory) * pods;
    total.pods += pods;
    total.storage += storage.reduce((bytes, size) => bytes + amount(size), 0) * (sharedStorage ? 1 : pods);
  }
  return total;
}

/**
 * The quota that lets every workload reach its largest and nothing run away. Given bounds win. What grows with the number of
 * nodes, with a DaemonSet, has no bound but a given one: a derived one would refuse the pod of the next node.
 */
export function quotaFor(demands: Demand[], given: Quota): Quota {
  const { cpu, memory, pods, storage } = sum(demands);
  const room = amountsOf({ cpu: cpu + spare.cpu, memory: memory + spare.memory, pods: pods + spare.pods, storage });
  const anyNumber = demands.some(({ perNode }) => perNode);
  // Traffic enters by the ingress controller.
  const none = { nodePorts: 0, loadBalancers: 0 };
  return { ...(anyNumber ? { storage: room.storage } : room), ...none, ...given };
}

/** A capacity in the units of a quota, rounded up, and no more than a quantity can be. */
export function amountsOf({ cpu, memory, pods, storage }: Capacity) {
  const bytes = (amount: number) => `${Math.min(Math.ceil(amount / 1024 ** 2), 2 ** 43 - 1)}Mi`;
  return {
    cpu: `${Math.min(Math.ceil(cpu * 1000), Number.MAX_SAFE_INTEGER)}m`,
    memory: bytes(memory),
    pods,
    storage: bytes(storage),
  };
}

function amount(quantity: string): number {
  return parseQuantity(quantity) ?? 0;
}
