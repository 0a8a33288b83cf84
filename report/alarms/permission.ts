import type { Field } from "../../policies/kubernetes/field.ts";
import { added, type Changed, known, type Warning, warning } from "./alarm.ts";

/** Permissions whose first appearance is worth a word: everything, secrets, and ways to more permissions. */
const strong =
  /^\* | \*(\.\*)?( |$)| (secrets|pods\/exec|pods\/attach|nodes\/proxy|serviceaccounts\/token)( |$)|^(bind|escalate|impersonate) /;

/**
 * What may do more than before: rules of roles, and who has them.
 * @param weak roles of the same run that have no strong permissions, as `ClusterRole view`
 */
export function* permission(
  { groupKind, old, now, operation, kind }: Changed,
  weak: ReadonlySet<string>,
): Generator<Warning> {
  if (!now || !groupKind.startsWith("rbac.authorization.k8s.io/")) return;
  if (kind === "Role" || kind === "ClusterRole") {
    const [before, after] = [old ? known(() => grants(old)) : undefined, known(() => grants(now)) ?? []];
    const more = added(before ?? [], after);
    const told = operation === "create" ? more.filter((one) => strong.test(one)) : more;
    if (told.length > 0)
      yield warning(
        "permission",
        operation === "create" ? "is a role with strong permissions" : "may do more than before",
        byThing(told),
      );
  } else if (kind === "RoleBinding" || kind === "ClusterRoleBinding") {
    const [before, after] = [old ? known(() => bindings(old)) : undefined, known(() => bindings(now)) ?? []];
    const more = added(before ?? [], after);
    const place = kind === "RoleBinding" ? "its namespace" : "the whole cluster";
    const role = known(() => roleOf(now));
    const isNews = operation !== "create" || (kind === "ClusterRoleBinding" && !(role && weak.has(role)));
    if (more.length > 0 && isNews) yield warning("permission", `gives permissions in ${place}`, more.join("; "));
  }
}

/** Roles that have no strong permissions, as bindings name them. */
export function weakRoles(objects: readonly Changed[]): Set<string> {
  const roles = objects.filter(({ groupKind }) => /^rbac\.authorization\.k8s\.io\/(Cluster)?Role$/.test(groupKind));
  const weak = roles.filter(({ now }) => now && known(() => grants(now))?.every((one) => !strong.test(one)));
  return new Set(weak.map(({ kind, name }) => `${kind} ${name}`));
}

function roleOf(binding: Field): string {
  return `${binding.at("roleRef", "kind").string} ${binding.at("roleRef", "name").string}`;
}

/** Each verb on each resource, as a text. */
function grants(role: Field): string[] {
  return role.at("rules").list.flatMap((rule) => {
    const groups = rule.at("apiGroups").strings;
    const resources = rule.at("resources").strings;
    const urls = rule.at("nonResourceURLs").strings;
    const names = rule.at("resourceNames").strings;
    const verbs = rule.at("verbs").strings;
    const things = [
      ...resources.flatMap((resource) => groups.map((group) => (group === "" ? resource : `${resource}.${group}`))),
      ...urls,
    ];
    const only = names.length > 0 ? ` (only ${names.join(", ")})` : "";
    return things.flatMap((thing) => verbs.map((verb) => `${verb} ${thing}${only}`));
  });
}

/** Verbs on the same thing together: `get, list secrets`. */
function byThing(granted: readonly string[]): string {
  const things = Map.groupBy(granted, (one) => one.slice(one.indexOf(" ") + 1));
  return [...things].map(([thing, all]) => `${all.map((one) => one.split(" ")[0]).join(", ")} ${thing}`).join("; ");
}

function bindings(binding: Field): string[] {
  const role = roleOf(binding);
  return binding
    .at("subjects")
    .list.map(
      (subject) =>
        `${role} to ${subject.at("kind").string} ${[subject.at("namespace").string, subject.at("name").string].filter(Boolean).join("/")}`,
    );
}
