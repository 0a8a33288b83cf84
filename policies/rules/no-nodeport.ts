import { broken, eachObject } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noNodeport: Rule = {
  id: "no-nodeport",
  title: "No Service opens a port on every node",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "No Service has the type `NodePort`.",
  why: "The port is open on the address of every node, past what guards the way in.",
  remedy: "spec:\n  type: ClusterIP",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/service/",
    "kube-linter exposed-services",
    "kube-score service-type",
    "Kyverno restrict-nodeport",
    "Gatekeeper K8sBlockNodePort",
  ],
  ...eachObject(["/Service"], function* ({ body }) {
    if (body.at("spec", "type").value === "NodePort") yield broken(body.at("spec", "type"), "is NodePort");
  }),
};
