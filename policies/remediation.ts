import { type Container, containersOf } from "./kubernetes/containers.ts";
import { type Field, NotKnown } from "./kubernetes/field.ts";
import type { KubernetesObject } from "./kubernetes/object.ts";
import { type PodSpec, podSpecOf } from "./kubernetes/pod-spec.ts";

/** A field that a rule would set, and to what. */
export interface Setting {
  readonly field: Field;
  readonly value: unknown;
}

/** What a rule would set in the containers of an object, and in its pod. What is not known yet stays as it is. */
export function settingsIn(
  object: KubernetesObject,
  wanted: {
    readonly pod?: (pod: PodSpec) => Setting | undefined;
    readonly container?: (container: Container) => Setting | undefined;
  },
): Setting[] {
  const pod = podSpecOf(object);
  if (!pod) return [];
  const questions = [
    () => wanted.pod?.(pod),
    ...containersOf(pod).map((container) => () => wanted.container?.(container)),
  ];
  return questions.flatMap((ask) => {
    try {
      return ask() ?? [];
    } catch (error) {
      if (error instanceof NotKnown) return [];
      throw error;
    }
  });
}

/**
 * Whether a container says that it does not run as root, and has no privilege that it would lose: then it cannot tell
 * whether it is denied what only root has.
 * @throws NotKnown
 */
export function needsNoPrivilege({ field, pod }: Container): boolean {
  const context = field.at("securityContext");
  const around = pod.field.at("securityContext");
  const user = context.at("runAsUser").value ?? around.at("runAsUser").value;
  const isOther = user === undefined ? (nonRoot(context) ?? nonRoot(around)) : user !== 0;
  const adds = context.at("capabilities", "add").strings.some((capability) => capability !== "NET_BIND_SERVICE");
  return isOther === true && context.at("privileged").value !== true && !adds;
}

function nonRoot(context: Field): unknown {
  return context.at("runAsNonRoot").value;
}

/** Writes settings into the properties of a resource as the SDK hands them out: what is secret or unknown in them stays so. */
export function write(properties: object, settings: readonly Setting[]): void {
  for (const { field, value } of settings) {
    const keys = keysOf(field.path);
    let place = properties as Record<string, unknown>;
    for (const key of keys.slice(0, -1)) {
      place[key] ??= {};
      place = place[key] as Record<string, unknown>;
    }
    place[keys.at(-1) ?? ""] = value;
  }
}

/** The keys of a path like `spec.containers[0].securityContext`. */
function keysOf(path: string): string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, plain]) =>
    quoted === undefined ? (index ?? plain ?? "") : JSON.parse(`"${quoted}"`),
  );
}
