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

/** The part of a rule that judges each container of each kind that makes pods, init containers included. */
export function eachContainer(
  judge: (container: Container, options: Options) => ContainerVerdict,
): Pick<ObjectRule, "sees" | "appliesTo" | "judge"> {
  return {
    sees: "object",
    appliesTo: (object) => podSpecOf(object) !== undefined,
    judge: (object, options) => {
      const pod = podSpecOf(object);
      if (!pod) return [];
      return containersOf(pod).flatMap((container) => finding(object, container, judge(container, options)));
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
