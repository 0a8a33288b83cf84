import type { Field } from "./field.ts";
import type { KubernetesObject } from "./object.ts";
import { namespaceOf } from "./object.ts";
import { selects } from "./selector.ts";
import type { Stack } from "./stack.ts";

/** The kinds that grant rights, and those that give them to somebody. */
export const roleKinds = ["rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"];
export const bindingKinds = ["rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"];

/** Some right: any of the verbs on any of the resources of a group. */
export interface Right {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * Whether a rule of a role grants a right, by name or by `*`.
 * @throws NotKnown
 */
export function grants(rule: Field, { group, resources, verbs }: Right): boolean {
  return (
    hasAny(rule.at("apiGroups"), [group]) &&
    hasAny(rule.at("verbs"), verbs) &&
    rule.at("resources").strings.some((given) => resources.some((wanted) => coversResource(given, wanted)))
  );
}

/** `*` is every resource, `pods/*` every part of pods, and `*` + `/exec` that part of every resource. */
function coversResource(given: string, wanted: string): boolean {
  if (given === "*" || given === "*/*" || given === wanted) return true;
  const [resource, part] = wanted.split("/");
  return part !== undefined && (given === `${resource}/*` || given === `*/${part}`);
}

function hasAny(field: Field, wanted: readonly string[]): boolean {
  return field.strings.some((given) => given === "*" || wanted.includes(given));
}

const everyVerb = ["get", "list", "watch", "create", "update", "patch", "delete"];

/**
 * Whether a rule grants every verb, by `*` or one by one, on every resource of every group.
 * @throws NotKnown
 */
export function grantsEverything(rule: Field): boolean {
  const verbs = rule.at("verbs").strings;
  return (
    ["apiGroups", "resources"].every((key) => rule.at(key).strings.includes("*")) &&
    (verbs.includes("*") || everyVerb.every((verb) => verbs.includes(verb)))
  );
}

/**
 * The rules of a role, those that it gets from other roles of the stack by aggregation included.
 * @throws NotKnown
 */
export function rulesOf(role: KubernetesObject, stack?: Stack): Field[] {
  return [...role.body.at("rules").list, ...aggregatedRules(role, stack)];
}

/**
 * The rules that a role gets from other roles of the stack by aggregation.
 * @throws NotKnown
 */
export function aggregatedRules(role: KubernetesObject, stack?: Stack): Field[] {
  return role.body
    .at("aggregationRule", "clusterRoleSelectors")
    .list.flatMap((selector) =>
      (stack?.ofKind("rbac.authorization.k8s.io/ClusterRole") ?? [])
        .filter((other) => other !== role && selects(selector, other.body.at("metadata", "labels").texts))
        .flatMap((other) => other.body.at("rules").list),
    );
}

/**
 * The role that a binding gives, if it is in the stack.
 * @throws NotKnown
 */
export function boundRole(binding: KubernetesObject, stack: Stack): KubernetesObject | undefined {
  const ref = binding.body.at("roleRef");
  const name = ref.at("name").string ?? "";
  return ref.at("kind").value === "ClusterRole"
    ? stack.find("rbac.authorization.k8s.io/ClusterRole", undefined, name)
    : stack.find("rbac.authorization.k8s.io/Role", namespaceOf(binding), name);
}
