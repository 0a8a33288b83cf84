import { type Container, containersOf } from "./kubernetes/containers.ts";
import type { Field } from "./kubernetes/field.ts";
import type { KubernetesObject } from "./kubernetes/object.ts";
import { podSpecOf } from "./kubernetes/pod-spec.ts";
import { isUnknown, type Truth } from "./kubernetes/truth.ts";
import type { Finding, ObjectRule, Options } from "./rule.ts";

/** What a rule finds in one container. */
export interface ContainerVerdict {
  readonly holds: Truth;
  /** The field to change where it does not hold. */
  readonly field: Field;
  /** What is wrong with that field, as the end of a sentence. */
  readonly problem: string;
  /** What to do about it, where the rule's own remedy does not fit. */
  readonly remedy?: string;
}

/**
 * The part of a rule that judges each container of each kind that makes pods, init containers included.
 * @param judge says of one container what holds: one answer, or one for each of several fields
 */
export function eachContainer(
  judge: (container: Container, options: Options) => ContainerVerdict | ContainerVerdict[],
): Pick<ObjectRule, "sees" | "appliesTo" | "judge"> {
  return {
    sees: "object",
    appliesTo: (object) => podSpecOf(object) !== undefined,
    judge: (object, options) => {
      const pod = podSpecOf(object);
      if (!pod) return [];
      return containersOf(pod).flatMap((container) => {
        const findings = [judge(container, options)].flat().flatMap((verdict) => finding(object, container, verdict));
        // Several answers can wait for the same unknown value, which is told once.
        return findings.filter(({ path }, index) => findings.findIndex((other) => other.path === path) === index);
      });
    },
  };
}

function finding(object: KubernetesObject, container: Container, verdict: ContainerVerdict): Finding[] {
  const { holds, field, ...advice } = verdict;
  if (holds === true) return [];
  const place = { object, container: container.name };
  if (isUnknown(holds)) {
    return [{ ...place, verdict: "unknown", path: holds.unknownAt, problem: "is not known yet" }];
  }
  return [{ ...place, verdict: "broken", path: field.path, ...advice }];
}
