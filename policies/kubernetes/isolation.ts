import type { Field } from "./field.ts";
import { type Direction, governs, isAbout, networkPolicyKind } from "./network-policy.ts";
import { type KubernetesObject, namespaceOf } from "./object.ts";
import { isEmptySelector, type Labels, selects } from "./selector.ts";
import type { Stack } from "./stack.ts";

/** What keeps traffic from pods that no other policy lets pass: a NetworkPolicy, or one of Cilium's. Each may throw NotKnown. */
export interface Isolation {
  /** Whether it is about pods with the given labels in the given namespace. */
  readonly isAbout: (namespace: string, labels: Labels) => boolean;
  /** Whether what it does not let pass in a direction is refused. */
  readonly governs: (direction: Direction) => boolean;
  /** Whether it is about all pods of a namespace and lets nothing pass in a direction. */
  readonly deniesAll: (namespace: string, direction: Direction) => boolean;
}

const ciliumKinds = ["cilium.io/CiliumNetworkPolicy", "cilium.io/CiliumClusterwideNetworkPolicy"];

const keys = { Ingress: "ingress", Egress: "egress" } as const;

const isolationsOfStack = new WeakMap<Stack, readonly Isolation[]>();

/** All policies of a stack that isolate pods. */
export function isolationsOf(stack: Stack): readonly Isolation[] {
  const known = isolationsOfStack.get(stack);
  if (known) return known;
  const isolations = [
    ...stack.ofKind(networkPolicyKind).map(ofKubernetes),
    ...ciliumKinds
      .flatMap((kind) => stack.ofKind(kind))
      .flatMap((policy) =>
        [policy.body.at("spec"), ...policy.body.at("specs").items()].map((spec) => ofCilium(policy, spec)),
      ),
  ];
  isolationsOfStack.set(stack, isolations);
  return isolations;
}

function ofKubernetes(policy: KubernetesObject): Isolation {
  return {
    isAbout: (namespace, labels) => isAbout(policy, namespace, labels),
    governs: (direction) => governs(policy, direction),
    deniesAll: (namespace, direction) =>
      namespaceOf(policy) === namespace &&
      isEmptySelector(policy.body.at("spec", "podSelector")) &&
      governs(policy, direction) &&
      policy.body.at("spec", keys[direction]).list.length === 0,
  };
}

/** @see https://docs.cilium.io/en/stable/security/policy/intro/#policy-enforcement-modes */
function ofCilium(policy: KubernetesObject, spec: Field): Isolation {
  const selector = spec.at("endpointSelector");
  const isThere = (namespace: string) =>
    selector.set && (policy.kind === "CiliumClusterwideNetworkPolicy" || namespaceOf(policy) === namespace);
  const rules = (direction: Direction) => spec.at(keys[direction]).list;
  const isDenying = (direction: Direction) => {
    const said = spec.at("enableDefaultDeny", keys[direction]).value;
    return said === undefined
      ? rules(direction).length > 0 || spec.at(`${keys[direction]}Deny`).list.length > 0
      : said === true;
  };
  return {
    isAbout: (namespace, labels) => isThere(namespace) && selects(selector, withSources(labels, namespace)),
    governs: isDenying,
    // A rule without anything in it lets nothing pass.
    deniesAll: (namespace, direction) =>
      isThere(namespace) &&
      isEmptySelector(selector) &&
      isDenying(direction) &&
      rules(direction).every((rule) => rule.entries.length === 0),
  };
}

/** The labels of a pod as Cilium knows them: with its namespace, and each also with the name of its source. */
function withSources(labels: Labels, namespace: string): Labels {
  const own = { ...labels, "io.kubernetes.pod.namespace": namespace };
  return Object.fromEntries(
    Object.entries(own).flatMap(([key, value]) => ["", "k8s:", "any:"].map((source) => [`${source}${key}`, value])),
  );
}
