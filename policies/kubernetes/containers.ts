import type { Field } from "./field.ts";
import type { PodSpec } from "./pod-spec.ts";
import { allOf, type Truth } from "./truth.ts";

/** The lists of a pod spec in which containers stand. */
export type Position = "containers" | "initContainers" | "ephemeralContainers";

/** A container of a pod spec. */
export interface Container {
  /** Its name, or its position where it has none that is known: `#2`. */
  readonly name: string;
  readonly field: Field;
  readonly pod: PodSpec;
  readonly position: Position;
  /**
   * Whether it runs as long as a long-running pod: its containers do, and of its init containers the sidecars,
   * which are those with `restartPolicy: Always`.
   * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
   */
  readonly longRunning: Truth;
  /** Whether it runs beside others for as long as its pod: one of `containers`, or a sidecar. */
  readonly stays: Truth;
}

const positions: readonly Position[] = ["containers", "initContainers", "ephemeralContainers"];

/** The containers of a pod spec: of its pods, its init containers and sidecars, and the ephemeral ones. */
export function containersOf(pod: PodSpec): Container[] {
  return positions.flatMap((position) =>
    pod.field
      .at(position)
      .items()
      .map((field, index) => {
        const stays =
          position === "containers" ||
          (position === "initContainers" && field.at("restartPolicy").is((policy) => policy === "Always"));
        return {
          name: field.at("name").text ?? `#${index + 1}`,
          field,
          pod,
          position,
          stays,
          longRunning: allOf(stays, pod.longRunning),
        };
      }),
  );
}
