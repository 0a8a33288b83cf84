import { broken, eachInStack } from "../judge.ts";
import { namespaceOf, systemNamespaces } from "../kubernetes/object.ts";
import { podsOf } from "../kubernetes/services.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const serviceSelectsWorkload: Rule = {
  id: "service-selects-workload",
  title: "Every Service's selector matches pods",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "The selector of each Service matches the pods of a workload in its namespace. Services without selector, of type `ExternalName`, or in a namespace of Kubernetes itself are left out.",
  why: "A Service without pods answers nothing, and the deployment succeeds all the same.",
  remedy: "selector:\n  app.kubernetes.io/name: web",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/service/",
    "kube-linter dangling-service",
    "kube-score service-targets-pod",
    "Kubescape C-0253",
  ],
  ...eachInStack(["/Service"], function* (service, { stack }) {
    const spec = service.body.at("spec");
    if (spec.at("type").value === "ExternalName" || spec.at("selector").entries.length === 0) return;
    if (systemNamespaces.includes(namespaceOf(service))) return;
    if (podsOf(service, stack).length === 0) yield broken(spec.at("selector"), "matches no pods");
  }),
};
