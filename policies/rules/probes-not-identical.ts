import { broken, eachContainer, started } from "../judge.ts";
import { portsOf } from "../kubernetes/ports.ts";
import { questionOf } from "../kubernetes/probes.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const probesNotIdentical: Rule = {
  id: "probes-not-identical",
  title: "No container asks the same question to be ready and to be alive",
  severity: "medium",
  levels: advisoryFrom("dev"),
  what: "Readiness and liveness probe of a container differ in how they ask: type, path and port, command, or gRPC service.",
  why: "A pod that is merely busy should get less traffic; with the same question it is restarted instead, and its load goes to the next.",
  remedy:
    "readinessProbe:\n  httpGet:\n    path: /ready\n    port: http\nlivenessProbe:\n  httpGet:\n    path: /health\n    port: http",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    "kube-score pod-probes-identical",
    "Kyverno ensure-probes-different",
  ],
  ...eachContainer(function* ({ field }) {
    const liveness = field.at("livenessProbe");
    const [first, second] = ["readinessProbe", "livenessProbe"].map((kind) =>
      questionOf(field.at(kind), portsOf(field)),
    );
    if (first !== undefined && first === second) yield broken(liveness, "asks the same as the readiness probe");
  }, started),
};
