import { eachWithResources, started } from "../judge.ts";
import { isRequested } from "../kubernetes/resources.ts";
import type { Rule } from "../rule.ts";

export const memoryRequestsSet: Rule = {
  id: "memory-requests-set",
  title: "Every container requests memory",
  severity: "high",
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  what: "Each container, init containers and sidecars included, has a memory request above zero: its own, its limit (which Kubernetes takes for a missing request), or its pod's.",
  why: "Without a request the scheduler places the pod where there may be no memory left, and when the node runs short it is among the first to be evicted.",
  remedy: "resources:\n  requests:\n    memory: 256Mi\n  limits:\n    memory: 256Mi",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    "https://docs.kubelinter.io/#/generated/checks?id=unset-memory-requirements",
    "Polaris memoryRequestsMissing",
    "Checkov CKV_K8S_12",
    "Trivy KSV-0016",
  ],
  ...eachWithResources(
    (container) => ({
      holds: isRequested(container, "memory"),
      field: container.field.at("resources", "requests", "memory"),
      problem: "is not set to a quantity above zero, and no limit stands in for it",
    }),
    started,
  ),
};
