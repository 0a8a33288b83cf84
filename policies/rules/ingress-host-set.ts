import { broken, each, eachObject } from "../judge.ts";
import { ingressKinds } from "../kubernetes/services.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const ingressHostSet: Rule = {
  id: "ingress-host-set",
  title: "Every Ingress says for which hosts it is",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "There is a rule, each rule has a `host` without wildcard, and there is no `defaultBackend`.",
  why: "A rule without a host takes every name that reaches the controller, those of other applications included.",
  remedy: "spec:\n  rules:\n    - host: shop.example.com",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/ingress/",
    "Kyverno disallow-empty-ingress-host, restrict-ingress-wildcard",
    "Gatekeeper K8sUniqueIngressHost",
  ],
  ...eachObject(ingressKinds, function* ({ body }) {
    const backends = ["defaultBackend", "backend"].map((key) => body.at("spec", key));
    yield* each([body.at("spec", "rules")], function* (rules) {
      if (rules.list.length === 0 && !backends.some((backend) => backend.set)) yield broken(rules, "name no host");
    });
    yield* each(body.at("spec", "rules").list, function* (rule) {
      const host = rule.at("host");
      if (!host.value) yield broken(host, "is not set");
      else if (host.string?.includes("*")) yield broken(host, "has a wildcard");
    });
    for (const key of ["defaultBackend", "backend"])
      if (body.at("spec", key).set) yield broken(body.at("spec", key), "takes what no rule takes", `Remove ${key}.`);
  }),
};
