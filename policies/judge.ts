import { type Container, containersOf, type Position } from "./kubernetes/containers.ts";
import { Field, NotKnown } from "./kubernetes/field.ts";
import { groupKind, type KubernetesObject } from "./kubernetes/object.ts";
import { makesOperatorPods, operatorContainers } from "./kubernetes/operator-pods.ts";
import { type PodSpec, podSpecOf } from "./kubernetes/pod-spec.ts";
import { aggregatedRules, roleKinds } from "./kubernetes/rbac.ts";
import type { Stack } from "./kubernetes/stack.ts";
import { isUnknown, type Truth } from "./kubernetes/truth.ts";
import type { Facts, Finding, ObjectRule, Options, StackRule } from "./rule.ts";

/** What a rule finds in one place. */
export interface Verdict {
  readonly holds: Truth;
  /** The field to change where it does not hold. */
  readonly field: Field;
  /** What is wrong with that field, as the end of a sentence. */
  readonly problem: string;
  /** What to do about it, where the rule's own remedy does not fit. */
  readonly remedy?: string;
  /** The container that the field is in, where the rule judges whole pods. */
  readonly container?: string;
}

/** The answers of a rule about one container or object; reading what is not known yet (`NotKnown`) ends them. */
export type Verdicts = Verdict | Iterable<Verdict>;

/** The verdict that a field is wrong. */
export function broken(field: Field, problem: string, remedy?: string): Verdict {
  return { holds: false, field, problem, ...(remedy === undefined ? {} : { remedy }) };
}

/** What a rule is asked with beside the thing it judges. */
export interface Question {
  readonly object: KubernetesObject;
  readonly options: Options;
  readonly facts: Facts;
}

/** The same for a rule that sees the whole stack. */
export interface StackQuestion extends Question {
  readonly stack: Stack;
}

type JudgesObjects = Pick<ObjectRule, "sees" | "appliesTo" | "judge">;
type JudgesStacks = Pick<StackRule, "sees" | "judge">;

/** Containers and sidecars, and plain init containers: the lists in which resources are set. */
export const started: readonly Position[] = ["containers", "initContainers"];

/**
 * The part of a rule that judges each container of each kind that makes pods: init containers, sidecars and
 * ephemeral containers included.
 * @param positions the lists whose containers are judged
 */
export function eachContainer(
  judge: (container: Container, question: Question) => Verdicts,
  positions?: readonly Position[],
): JudgesObjects {
  return {
    sees: "object",
    appliesTo: (object) => podSpecOf(object) !== undefined,
    judge: (object, options, facts) => inContainers(object, (one) => judge(one, { object, options, facts }), positions),
  };
}

/**
 * The same for a rule about resources alone: it also judges custom resources that say what the pods need which an
 * operator makes of them.
 */
export function eachWithResources(
  judge: (container: Container, question: Question) => Verdicts,
  positions?: readonly Position[],
): JudgesObjects {
  const inPods = eachContainer(judge, positions);
  return {
    sees: "object",
    appliesTo: (object) => inPods.appliesTo(object) || makesOperatorPods(object),
    judge: (object, options, facts) => [
      ...inPods.judge(object, options, facts),
      ...operatorContainers(object).flatMap((container) =>
        findings(object, () => judge(container, { object, options, facts }), container.name),
      ),
    ],
  };
}

/** The part of a rule that judges the pod spec of each kind that makes pods. */
export function eachPod(judge: (pod: PodSpec, question: Question) => Verdicts): JudgesObjects {
  return {
    sees: "object",
    appliesTo: (object) => podSpecOf(object) !== undefined,
    judge: (object, options, facts) => {
      const pod = podSpecOf(object);
      return pod ? findings(object, () => judge(pod, { object, options, facts })) : [];
    },
  };
}

/** The part of a rule that judges each pod spec, and each of its containers, in the same way. */
export function eachHolder(judge: (holder: Field, question: Question) => Verdicts): JudgesObjects {
  return {
    sees: "object",
    appliesTo: (object) => podSpecOf(object) !== undefined,
    judge: (object, options, facts) => {
      const pod = podSpecOf(object);
      if (!pod) return [];
      const question = { object, options, facts };
      return [
        ...findings(object, () => judge(pod.field, question)),
        ...inContainers(object, ({ field }) => judge(field, question)),
      ];
    },
  };
}

/** What a security context belongs to. */
export interface SecurityPlace extends Question {
  readonly pod: PodSpec;
  /** Absent for the pod's own context. */
  readonly container?: Container;
}

/** The part of a rule that judges `securityContext` of each pod and of each of its containers. */
export function eachSecurityContext(judge: (context: Field, place: SecurityPlace) => Verdicts): JudgesObjects {
  return {
    sees: "object",
    appliesTo: (object) => podSpecOf(object) !== undefined,
    judge: (object, options, facts) => {
      const pod = podSpecOf(object);
      if (!pod) return [];
      const place = { object, options, facts, pod };
      return [
        ...findings(object, () => judge(pod.field.at("securityContext"), place)),
        ...inContainers(object, (container) => judge(container.field.at("securityContext"), { ...place, container })),
      ];
    },
  };
}

/**
 * The part of a rule that judges each object of some kinds.
 * @param kinds as `apps/Deployment`, `/Service` for the core group; all kinds where it is left out
 */
export function eachObject(
  kinds: readonly string[] | undefined,
  judge: (object: KubernetesObject, question: Question) => Verdicts,
): JudgesObjects {
  return {
    sees: "object",
    appliesTo: (object) => kinds?.includes(groupKind(object)) ?? true,
    judge: (object, options, facts) => findings(object, () => judge(object, { object, options, facts })),
  };
}

/** The same for a rule that must see the whole stack to judge an object. */
export function eachInStack(
  kinds: readonly string[] | undefined,
  judge: (object: KubernetesObject, question: StackQuestion) => Verdicts,
): JudgesStacks {
  return {
    sees: "stack",
    judge: (stack, options, facts) =>
      (kinds ? kinds.flatMap((kind) => stack.ofKind(kind)) : stack.objects).flatMap((object) =>
        findings(object, () => judge(object, { object, options, facts, stack })),
      ),
  };
}

/**
 * The same for each rule of each Role and ClusterRole, those that it gets by aggregation included.
 * @param judge gets the rule and the field to name: the rule itself, or what brings it
 */
export function eachRule(judge: (rule: Field, place: Field) => Verdicts): JudgesStacks {
  return eachInStack(roleKinds, function* (role, { stack }) {
    yield* each(role.body.at("rules").list, (rule) => judge(rule, rule));
    yield* each(aggregatedRules(role, stack), (rule) => judge(rule, role.body.at("aggregationRule")));
  });
}

/** The same for each pod spec. */
export function eachPodInStack(judge: (pod: PodSpec, question: StackQuestion) => Verdicts): JudgesStacks {
  return {
    sees: "stack",
    judge: (stack, options, facts) =>
      stack.podMakers.flatMap(({ object, pod }) =>
        findings(object, () => judge(pod, { object, options, facts, stack })),
      ),
  };
}

/** The same for each container. */
export function eachContainerInStack(
  judge: (container: Container, question: StackQuestion) => Verdicts,
  positions?: readonly Position[],
): JudgesStacks {
  return {
    sees: "stack",
    judge: (stack, options, facts) =>
      stack.podMakers.flatMap(({ object }) =>
        inContainers(object, (one) => judge(one, { object, options, facts, stack }), positions),
      ),
  };
}

function inContainers(
  object: KubernetesObject,
  judge: (container: Container) => Verdicts,
  positions?: readonly Position[],
): Finding[] {
  const pod = podSpecOf(object);
  if (!pod) return [];
  return containersOf(pod)
    .filter(({ position }) => positions?.includes(position) ?? true)
    .flatMap((container) => findings(object, () => judge(container), container.name));
}

/** Several verdicts about things each of which may be unknown without hiding the others. */
export function* each<Thing>(things: Iterable<Thing>, judge: (thing: Thing) => Verdicts): Generator<Verdict> {
  for (const thing of things) {
    try {
      yield* all(judge(thing));
    } catch (error) {
      yield cannotTell(error);
    }
  }
}

/** Answers as findings; those that are right are none. Several answers can wait for the same unknown value, which is told once. */
export function findings(object: KubernetesObject, judge: () => Verdicts, container?: string): Finding[] {
  const place = { object, ...(container === undefined ? {} : { container }) };
  const found: Finding[] = [];
  for (const { holds, field, ...advice } of each([judge], (ask) => ask())) {
    if (holds === true) continue;
    const finding: Finding = isUnknown(holds)
      ? { ...place, verdict: "cannot tell", path: holds.unknownAt, problem: "is not known yet" }
      : { ...place, verdict: "broken", path: field.path, ...advice };
    if (!found.some(({ path, problem }) => path === finding.path && problem === finding.problem)) found.push(finding);
  }
  return found;
}

function all(verdicts: Verdicts): Iterable<Verdict> {
  return Symbol.iterator in verdicts ? verdicts : [verdicts];
}

function cannotTell(error: unknown): Verdict {
  if (!(error instanceof NotKnown)) throw error;
  return { holds: error, field: nowhere, problem: "" };
}

const nowhere = Field.root(undefined);
