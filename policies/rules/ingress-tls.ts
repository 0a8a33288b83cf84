import { broken, each, eachObject } from "../judge.ts";
import { ingressKinds } from "../kubernetes/services.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const plain: Readonly<Record<string, string>> = {
  "kubernetes.io/ingress.allow-http": "true",
  "nginx.ingress.kubernetes.io/ssl-redirect": "false",
};

export const ingressTls: Rule = {
  id: "ingress-tls",
  title: "Every Ingress has TLS",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "`spec.tls` of each Ingress is not empty, and no annotation keeps plain HTTP open.",
  why: "Everything that goes through it could be read and changed on the way.",
  remedy: "spec:\n  tls:\n    - hosts: [shop.example.com]\n      secretName: shop-tls",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/ingress/",
    "Polaris tlsSettingsMissing",
    "Kyverno require-ingress-https",
    "Gatekeeper K8sHttpsOnly",
    "Kubescape C-0263",
  ],
  ...eachObject(ingressKinds, function* ({ body }) {
    yield* each([body.at("spec", "tls")], function* (tls) {
      if (tls.list.length === 0) yield broken(tls, "is empty");
    });
    yield* each(Object.entries(plain), function* ([key, value]) {
      const annotation = body.at("metadata", "annotations", key);
      if (annotation.set && String(annotation.value) === value)
        yield broken(annotation, "keeps plain HTTP open", `${key}: "${value === "true" ? "false" : "true"}"`);
    });
  }),
};
