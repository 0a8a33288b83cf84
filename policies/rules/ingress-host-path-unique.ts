import { broken, each, eachInStack } from "../judge.ts";
import type { Field } from "../kubernetes/field.ts";
import { type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import { ingressKinds } from "../kubernetes/services.ts";
import { someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const ingressHostPathUnique: Rule = {
  id: "ingress-host-path-unique",
  title: "No host and path are claimed twice",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each host, path and path type is there once in all Ingresses of a class, and no host in two namespaces.",
  why: "Which of two rules wins is chance, or the age of the object: a way to take another application's traffic.",
  remedy: "Give each Ingress paths or hosts of its own.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/ingress/",
    "Kyverno unique-ingress-host-and-path",
    "Gatekeeper K8sUniqueIngressHost",
  ],
  ...eachInStack(ingressKinds, function* (ingress, { stack }) {
    const all = ingressKinds.flatMap((kind) => stack.ofKind(kind));
    const before = all.slice(0, all.indexOf(ingress));
    const claimed = new Set<string>();
    yield* each(claimsOf(ingress), function* ({ path, key }) {
      const claim = key();
      const [other] = someOf(before, (one) => claimsOf(one).some((theirs) => theirs.key() === claim));
      if (other || claimed.has(claim))
        yield broken(path, other ? `is claimed by Ingress ${other.name} too` : "is claimed twice");
      claimed.add(claim);
    });
    yield* each(ingress.body.at("spec", "rules").list, function* (rule) {
      const host = rule.at("host").string?.toLowerCase();
      if (!host) return;
      const [other] = someOf(
        before,
        (one) =>
          namespaceOf(one) !== namespaceOf(ingress) &&
          one.body.at("spec", "rules").list.some((theirs) => theirs.at("host").string?.toLowerCase() === host),
      );
      if (other) yield broken(rule.at("host"), `is also that of Ingress ${other.name} in another namespace`);
    });
  }),
};

/** What an Ingress claims: each path with a text that is the same for the same claim. */
function claimsOf(ingress: KubernetesObject): { path: Field; key: () => string }[] {
  const spec = ingress.body.at("spec");
  const rules = spec.at("rules").list;
  return rules.flatMap((rule) =>
    rule.at("http", "paths").list.map((path) => ({
      path: path.at("path"),
      key: () => {
        const type = path.at("pathType").string ?? "";
        const text = path.at("path").string ?? "/";
        // Prefixes are compared element by element, so a slash at the end is nothing.
        const normalized = type === "Prefix" ? text.replace(/(?<=.)\/+$/, "") : text;
        return JSON.stringify([
          spec.at("ingressClassName").value,
          rule.at("host").string?.toLowerCase(),
          normalized,
          type,
        ]);
      },
    })),
  );
}
