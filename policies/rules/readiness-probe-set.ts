import { eachContainerInStack, started } from "../judge.ts";
import { isProbe, probeProblem } from "../kubernetes/probes.ts";
import { isServed } from "../kubernetes/services.ts";
import { anyOf, not } from "../kubernetes/truth.ts";
import type { Rule } from "../rule.ts";

export const readinessProbeSet: Rule = {
  id: "readiness-probe-set",
  title: "Every long-running container has a readiness probe",
  severity: "high",
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  what: "Each container that runs as long as its pod, native sidecars included, has a readiness probe by HTTP, TCP, command or gRPC; with `when: served`, only if a Service of the stack selects the pod. Jobs, pods that run to completion, and plain init containers need none.",
  why: "Without one a pod is sent requests before it can answer them, at every start and every update, and a rolling update goes on although the new version does not work.",
  remedy: "readinessProbe:\n  httpGet:\n    path: /ready\n    port: http",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    "https://docs.kubelinter.io/#/generated/checks?id=no-readiness-probe",
    "kube-score pod-probes",
    "Polaris readinessProbeMissing",
    "Checkov CKV_K8S_9",
  ],
  options: {
    when: {
      type: "string",
      description: "Which pods need one: all, or, as kube-score asks, those that a Service selects.",
      enum: ["always", "served"],
      default: "always",
    },
  },
  ...eachContainerInStack(function* (container, { object, stack, options }) {
    const field = container.field.at("readinessProbe");
    const holds = anyOf(isProbe(field), not(container.longRunning));
    if (holds === true || (options.when === "served" && !isServed(object, stack))) return;
    yield { holds, field, problem: probeProblem(field) };
  }, started),
};
