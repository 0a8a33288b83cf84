import { eachContainer, started } from "../judge.ts";
import { isProbe, probeProblem } from "../kubernetes/probes.ts";
import { anyOf, not } from "../kubernetes/truth.ts";
import type { Rule } from "../rule.ts";

export const readinessProbeSet: Rule = {
  id: "readiness-probe-set",
  title: "Every long-running container has a readiness probe",
  severity: "high",
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  what: "Each container that runs as long as its pod, native sidecars included, has a readiness probe by HTTP, TCP, command or gRPC. Jobs, pods that run to completion, and plain init containers need none.",
  why: "Without one a pod is sent requests before it can answer them, at every start and every update, and a rolling update goes on although the new version does not work.",
  remedy: "readinessProbe:\n  httpGet:\n    path: /ready\n    port: http",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    "https://docs.kubelinter.io/#/generated/checks?id=no-readiness-probe",
    "Polaris readinessProbeMissing",
    "Checkov CKV_K8S_9",
  ],
  ...eachContainer((container) => {
    const field = container.field.at("readinessProbe");
    return {
      holds: anyOf(isProbe(field), not(container.longRunning)),
      field,
      problem: probeProblem(field),
    };
  }, started),
};
