import { Field } from "../policies/kubernetes/field.ts";
import { podSpecOf } from "../policies/kubernetes/pod-spec.ts";
import { objectsOfResource } from "../policies/kubernetes/pulumi-resource.ts";
import { known } from "./alarms/alarm.ts";
import type { Link } from "./model.ts";
import type { Resource } from "./resources.ts";

/**
 * Which components may open connections to which: the ways out that network policies allow, where one end changes. A policy
 * names pods by their labels, and pods belong to the component of what makes them.
 */
export function linksOf(resources: readonly Resource[]): Link[] {
  const changing = new Set(resources.filter(({ operation }) => operation !== "same").map(({ component }) => component));
  const pods = resources.flatMap((resource) => {
    const state = resource.after ?? resource.before;
    const { type, urn, component, namespace } = resource;
    const objects = state ? objectsOfResource({ type, props: state.inputs ?? {}, name: urn, resource: { urn } }) : [];
    return objects.flatMap((object) => {
      const labels = known(() => podSpecOf(object)?.metadata.at("labels").texts);
      return labels ? [{ component, namespace, labels }] : [];
    });
  });
  const componentsOf = (selector: Field, namespace: string | undefined): string[] => {
    const wanted = Object.entries(known(() => selector.at("matchLabels").texts) ?? {});
    if (wanted.length === 0) return [];
    return pods
      .filter((one) => namespace === undefined || one.namespace === namespace)
      .filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value))
      .map(({ component }) => component);
  };
  const links = new Map<string, Link>();
  for (const { type, after, before, namespace } of resources) {
    if (type !== "kubernetes:networking.k8s.io/v1:NetworkPolicy") continue;
    const spec = Field.root((after ?? before)?.inputs ?? {}).at("spec");
    const from = componentsOf(spec.at("podSelector"), namespace);
    for (const rule of spec.at("egress").items()) {
      const label = rule
        .at("ports")
        .items()
        .map((port) => String(known(() => port.at("port").value) ?? "any"))
        .join(", ");
      for (const peer of rule.at("to").items()) {
        const elsewhere = known(() => peer.at("namespaceSelector").set) === true;
        const to = componentsOf(peer.at("podSelector"), elsewhere ? undefined : namespace);
        for (const [a, b] of from.flatMap((one) => to.map((other) => [one, other] as const))) {
          if (a !== b && (changing.has(a) || changing.has(b)))
            links.set(JSON.stringify([a, b, label]), { from: a, to: b, label });
        }
      }
    }
  }
  return [...links].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, link]) => link);
}
