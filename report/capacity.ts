import { containersOf } from "../policies/kubernetes/containers.ts";
import type { Field } from "../policies/kubernetes/field.ts";
import type { KubernetesObject } from "../policies/kubernetes/object.ts";
import { groupKind } from "../policies/kubernetes/object.ts";
import { podSpecOf } from "../policies/kubernetes/pod-spec.ts";
import { objectsOfResource } from "../policies/kubernetes/pulumi-resource.ts";
import { nanosOf } from "../policies/kubernetes/quantity.ts";
import { known } from "./alarms/alarm.ts";
import type { ResourceState } from "./events.ts";
import type { Capacity } from "./model.ts";

const billion = 1_000_000_000n;
const workloads = ["apps/Deployment", "apps/StatefulSet", "apps/DaemonSet"];

/** What the pods of these objects request at their fewest. What is not known yet counts nothing. */
export function capacityOf(states: readonly ResourceState[]): Capacity {
  const objects = states.flatMap(({ type, inputs, urn }) =>
    objectsOfResource({ type, props: inputs ?? {}, name: urn, resource: { urn } }),
  );
  const fewest = new Map(objects.flatMap(autoscaled));
  const sum = { cpu: 0n, memory: 0n, storage: 0n, replicas: 0 };
  for (const object of objects) {
    if (groupKind(object) === "/PersistentVolumeClaim") sum.storage += claimed(object.body);
    if (!workloads.includes(groupKind(object))) continue;
    const pods = podsOf(object, fewest);
    const { cpu, memory } = podRequests(object);
    sum.cpu += cpu * BigInt(pods);
    sum.memory += memory * BigInt(pods);
    sum.replicas += pods;
    for (const template of object.body.at("spec", "volumeClaimTemplates").items())
      sum.storage += claimed(template) * BigInt(pods);
  }
  return { cpu: cores(sum.cpu), memory: bytes(sum.memory), storage: bytes(sum.storage), replicas: sum.replicas };
}

function autoscaled({ body, kind, namespace }: KubernetesObject): [string, number][] {
  if (kind !== "HorizontalPodAutoscaler") return [];
  const target = body.at("spec", "scaleTargetRef");
  const least = known(() => body.at("spec", "minReplicas").number) ?? 1;
  return [[[target.at("kind").text, namespace, target.at("name").text].join("/"), least]];
}

function podsOf({ kind, namespace, name, body }: KubernetesObject, fewest: ReadonlyMap<string, number>): number {
  if (kind === "DaemonSet") return 1;
  const own = known(() => body.at("spec", "replicas").number);
  return Math.max(0, Math.trunc(fewest.get([kind, namespace, name].join("/")) ?? own ?? 1));
}

/** A pod's requests: its containers together, or its largest init container where that is more. */
function podRequests(object: KubernetesObject): { cpu: bigint; memory: bigint } {
  const pod = podSpecOf(object);
  if (!pod) return { cpu: 0n, memory: 0n };
  const containers = containersOf(pod);
  const request = (resource: string) => {
    const amount = (field: Field) =>
      quantity(field.at("resources", "requests", resource)) || quantity(field.at("resources", "limits", resource));
    const staying = containers
      .filter(({ stays }) => stays === true)
      .reduce((all, { field }) => all + amount(field), 0n);
    const starting = containers.filter(({ stays }) => stays !== true).map(({ field }) => amount(field));
    return starting.reduce((most, one) => (one > most ? one : most), staying);
  };
  return { cpu: request("cpu"), memory: request("memory") };
}

function claimed(claim: Field): bigint {
  return quantity(claim.at("spec", "resources", "requests", "storage"));
}

function quantity(field: Field): bigint {
  const amount = nanosOf(known(() => field.value)) ?? 0n;
  return amount < 0n ? 0n : amount;
}

function cores(nanos: bigint): number {
  return Number(nanos / 1_000_000n) / 1000;
}

function bytes(nanos: bigint): number {
  return Number(nanos / billion);
}
