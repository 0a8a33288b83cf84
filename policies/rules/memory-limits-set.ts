import { eachWithResources, started } from "../judge.ts";
import { isLimited } from "../kubernetes/resources.ts";
import type { Rule } from "../rule.ts";

export const memoryLimitsSet: Rule = {
  id: "memory-limits-set",
  title: "Every container has a memory limit",
  severity: "high",
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  what: "Each container, init containers and sidecars included, has a memory limit above zero: its own or its pod's.",
  why: "A container without one can take all memory of its node; the kernel then kills whatever it finds, other applications included.",
  remedy: "resources:\n  requests:\n    memory: 256Mi\n  limits:\n    memory: 256Mi",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    "https://docs.kubelinter.io/#/generated/checks?id=unset-memory-requirements",
    "Polaris memoryLimitsMissing",
    "Checkov CKV_K8S_13",
    "Trivy KSV-0018",
  ],
  ...eachWithResources(
    (container) => ({
      holds: isLimited(container, "memory"),
      field: container.field.at("resources", "limits", "memory"),
      problem: "is not set to a quantity above zero",
    }),
    started,
  ),
};
