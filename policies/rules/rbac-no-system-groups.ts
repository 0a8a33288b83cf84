import { broken, each, eachObject } from "../judge.ts";
import { bindingKinds } from "../kubernetes/rbac.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const everybody: readonly unknown[] = [
  "system:anonymous",
  "system:unauthenticated",
  "system:authenticated",
  "system:masters",
];

export const rbacNoSystemGroups: Rule = {
  id: "rbac-no-system-groups",
  title: "No rights are given to everybody or past all rules",
  severity: "critical",
  levels: mandatoryFrom("staging"),
  what: "No subject of a binding is `system:anonymous`, `system:unauthenticated`, `system:authenticated` or `system:masters`.",
  why: "The first two are the whole network, the third is everyone who can log in, and what the last one may can never be taken away again.",
  remedy: "subjects:\n  - kind: ServiceAccount\n    name: web\n    namespace: shop",
  sources: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "Kyverno restrict-binding-system-groups",
    "Trivy KSV-0122, 0123",
    "Gatekeeper K8sDisallowAnonymous",
    "Kubescape C-0262",
  ],
  ...eachObject(bindingKinds, ({ body }) =>
    each(body.at("subjects").list, function* (subject) {
      if (everybody.includes(subject.at("name").value))
        yield broken(subject.at("name"), "is everybody, or above all rules");
    }),
  ),
};
