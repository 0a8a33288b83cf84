import type { StateResource } from "./stack-state.ts";

/** A container of an object that makes pods, by where it is. */
export interface ContainerPlace {
  urn: string;
  /** As messages name it: `Deployment shop/web`. */
  object: string;
  container: string;
  /** Whether it runs as long as its pod does, and the pod as long as it can. */
  longRunning: boolean;
}

interface Container {
  name: string;
  restartPolicy?: string;
}

interface Pod {
  containers: Container[];
  initContainers?: Container[];
}

/** Every container of a stack's objects, init containers included: found by their shape, not by the pack's own walk. */
export function containerPlaces(
  resources: readonly Pick<StateResource, "urn" | "type" | "inputs">[],
): ContainerPlace[] {
  return resources.flatMap(({ urn, inputs = {} }) => {
    const { kind, metadata } = inputs as { kind?: string; metadata?: { name?: string; namespace?: string } };
    const object = `${kind} ${metadata?.namespace ? `${metadata.namespace}/` : ""}${metadata?.name}`;
    const lasting = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].includes(kind ?? "");
    return podsIn(inputs).flatMap(({ containers, initContainers = [] }) => [
      ...containers.map(({ name }) => ({ urn, object, container: name, longRunning: lasting })),
      ...initContainers.map(({ name, restartPolicy }) => ({
        urn,
        object,
        container: name,
        longRunning: lasting && restartPolicy === "Always",
      })),
    ]);
  });
}

/** Custom resource definitions describe pods without being ones: there `containers` is no list. */
function podsIn(value: unknown): Pod[] {
  if (typeof value !== "object" || value === null) return [];
  if (!Array.isArray(value) && "containers" in value && Array.isArray(value.containers)) return [value as Pod];
  return Object.values(value).flatMap(podsIn);
}
