import type { Field } from "./field.ts";
import { type KubernetesObject, namespaceOf } from "./object.ts";
import { type Labels, selects } from "./selector.ts";

export type Direction = "Ingress" | "Egress";

export const networkPolicyKind = "networking.k8s.io/NetworkPolicy";

/**
 * Whether a policy is about a direction: what it says, else ingress always and egress if it has rules for it.
 * @throws NotKnown
 */
export function governs(policy: KubernetesObject, direction: Direction): boolean {
  const types = policy.body.at("spec", "policyTypes");
  if (types.set) return types.strings.includes(direction);
  return direction === "Ingress" || policy.body.at("spec", "egress").set;
}

/**
 * Whether a policy is about pods with the given labels in the given namespace.
 * @throws NotKnown
 */
export function isAbout(policy: KubernetesObject, namespace: string, labels: Labels): boolean {
  return namespaceOf(policy) === namespace && selects(policy.body.at("spec", "podSelector"), labels);
}

/**
 * Whether a rule lets pass a port; without ports it lets pass all.
 * @param name how a named port that stands for it may be called
 * @throws NotKnown
 */
export function lets(rule: Field, port: number, name: RegExp): boolean {
  const ports = rule.at("ports").list;
  return (
    ports.length === 0 ||
    ports.some((one) => {
      const from = one.at("port").value;
      const to = one.at("endPort").number;
      return (
        from === undefined ||
        from === port ||
        (typeof from === "string" && name.test(from)) ||
        (typeof from === "number" && to !== undefined && from <= port && port <= to)
      );
    })
  );
}
