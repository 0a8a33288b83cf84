import { eachWithResources, started } from "../judge.ts";
import { isLimited } from "../kubernetes/resources.ts";
import { anyOf, not } from "../kubernetes/truth.ts";
import type { Rule } from "../rule.ts";

export const cpuLimitsSet: Rule = {
  id: "cpu-limits-set",
  title: "Every container has a CPU limit, or none if so configured",
  severity: "medium",
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  what: "Each container, init containers and sidecars included, has a CPU limit above zero, its own or its pod's. With `mode: forbid`, none has one.",
  why: "Without a limit a container that runs wild slows down its neighbours. Teams that would rather share idle CPU forbid limits and rely on requests; mixing both habits helps nobody.",
  remedy: "resources:\n  requests:\n    cpu: 100m\n  limits:\n    cpu: 500m",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    "https://docs.kubelinter.io/#/generated/checks?id=unset-cpu-requirements",
    "Polaris cpuLimitsMissing",
    "Kyverno require-cpu-limits, prevent-cpu-limits",
    "Checkov CKV_K8S_11",
    "Trivy KSV-0011",
  ],
  options: {
    mode: {
      type: "string",
      description: "Whether each container must have a CPU limit or none may have one.",
      enum: ["require", "forbid"],
      default: "require",
    },
  },
  ...eachWithResources((container, { options: { mode } }) => {
    const field = container.field.at("resources", "limits", "cpu");
    if (mode !== "forbid") {
      return { holds: isLimited(container, "cpu"), field, problem: "is not set to a quantity above zero" };
    }
    const ofPod = container.pod.field.at("resources", "limits", "cpu");
    return {
      holds: not(anyOf(field.present, ofPod.present)),
      field: field.present === true ? field : ofPod,
      problem: "is set, and CPU limits are forbidden here",
      remedy: "Remove resources.limits.cpu.",
    };
  }, started),
};
