import type { Container } from "./containers.ts";
import type { Field } from "./field.ts";
import type { PodSpec } from "./pod-spec.ts";
import { nanosOf } from "./quantity.ts";
import { allOf, anyOf, not, type Truth } from "./truth.ts";

/** The resources that a container shares with its neighbours on a node and that a pod can set for all its containers. */
export const resources = ["cpu", "memory"] as const;
export type Resource = (typeof resources)[number];

/** Whether a field is a quantity above zero: to Kubernetes a limit of zero is none, and so is a request of zero. */
export function isAmount(field: Field): Truth {
  return field.is((value) => (nanosOf(value) ?? 0n) > 0n);
}

/**
 * Whether the container may use only so much: by its own limit, or by one that its pod sets for all containers.
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export function isLimited({ field, pod }: Container, resource: Resource): Truth {
  return anyOf(
    isAmount(field.at("resources", "limits", resource)),
    isAmount(pod.field.at("resources", "limits", resource)),
  );
}

/**
 * Whether the scheduler sets something aside for the container. Kubernetes takes a limit for the request that is
 * left out, and a pod's request or limit for all its containers.
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export function isRequested({ field, pod }: Container, resource: Resource): Truth {
  return anyOf(
    ...[field, pod.field].map((place) => {
      const request = place.at("resources", "requests", resource);
      const limit = place.at("resources", "limits", resource);
      return anyOf(isAmount(request), allOf(not(request.present), isAmount(limit)));
    }),
  );
}

/** Whether the request is written out, for the container or for its pod, rather than taken from a limit. */
export function isRequestedByName({ field, pod }: Container, resource: Resource): Truth {
  return anyOf(...[field, pod.field].map((place) => isAmount(place.at("resources", "requests", resource))));
}

/**
 * What a pod requests of a resource in all, or is limited to, in nanos, as the scheduler and quotas count: its own amount
 * if it has one; else that of its containers and sidecars together, or that of one of its init containers with the
 * sidecars before it, if that is more.
 * @throws NotKnown
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function podAmount(pod: PodSpec, key: "requests" | "limits", resource: Resource): bigint {
  const own = pod.field.at("resources", key, resource);
  if (own.set) return nanosOf(own.value) ?? 0n;
  let sidecars = 0n;
  let starting = 0n;
  for (const init of pod.field.at("initContainers").list) {
    const amount = amountOf(init, key, resource);
    if (init.at("restartPolicy").value === "Always") sidecars += amount;
    starting = max(starting, init.at("restartPolicy").value === "Always" ? sidecars : sidecars + amount);
  }
  const running = pod.field.at("containers").list.reduce((sum, one) => sum + amountOf(one, key, resource), sidecars);
  return max(running, starting);
}

/** What a container requests, its limit where it has no request; or its limit. */
function amountOf(container: Field, key: "requests" | "limits", resource: Resource): bigint {
  const own = container.at("resources", key, resource);
  const amount = nanosOf((own.set ? own : container.at("resources", "limits", resource)).value) ?? 0n;
  return max(amount, 0n);
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
