import { eachContainer, started } from "../judge.ts";
import { isProbe, probeProblem } from "../kubernetes/probes.ts";
import { anyOf, not } from "../kubernetes/truth.ts";
import type { Rule } from "../rule.ts";

export const livenessProbeSet: Rule = {
  id: "liveness-probe-set",
  title: "Every long-running container has a liveness probe",
  severity: "high",
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  what: "Each container that runs as long as its pod, native sidecars included, has a liveness probe by HTTP, TCP, command or gRPC. Jobs, pods that run to completion, and plain init containers need none.",
  why: "A process that hangs without ending is restarted by nobody but its liveness probe.",
  remedy: "livenessProbe:\n  httpGet:\n    path: /health\n    port: http",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    "https://docs.kubelinter.io/#/generated/checks?id=no-liveness-probe",
    "Polaris livenessProbeMissing",
    "Checkov CKV_K8S_8",
  ],
  ...eachContainer((container) => {
    const field = container.field.at("livenessProbe");
    return {
      holds: anyOf(isProbe(field), not(container.longRunning)),
      field,
      problem: probeProblem(field),
    };
  }, started),
};
