import type { Field } from "./field.ts";
import type { PodSpec } from "./pod-spec.ts";
import { allOf, type Truth } from "./truth.ts";

/** A container of a pod spec: one of `containers`, or an init container. */
export interface Container {
  /** Its name, or its position where it has none that is known: `#2`. */
  readonly name: string;
  readonly field: Field;
  readonly pod: PodSpec;
  /**
   * Whether it runs as long as a long-running pod: its containers do, and of its init containers the sidecars,
   * which are those with `restartPolicy: Always`.
   * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
   */
  readonly longRunning: Truth;
}

/** The containers of a pod spec, init containers last. Ephemeral ones have neither resources nor probes. */
export function containersOf(pod: PodSpec): Container[] {
  return [
    ...pod.field
      .at("containers")
      .items()
      .map((field, index) => container(pod, field, index, pod.longRunning)),
    ...pod.field
      .at("initContainers")
      .items()
      .map((field, index) => {
        const isSidecar = field.at("restartPolicy").is((policy) => policy === "Always");
        return container(pod, field, index, allOf(pod.longRunning, isSidecar));
      }),
  ];
}

function container(pod: PodSpec, field: Field, index: number, longRunning: Truth): Container {
  return { name: field.at("name").text ?? `#${index + 1}`, field, pod, longRunning };
}
