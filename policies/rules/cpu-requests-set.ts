import { eachWithResources, started } from "../judge.ts";
import { isRequested } from "../kubernetes/resources.ts";
import type { Rule } from "../rule.ts";

export const cpuRequestsSet: Rule = {
  id: "cpu-requests-set",
  title: "Every container requests CPU",
  severity: "high",
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  what: "Each container, init containers and sidecars included, has a CPU request above zero: its own, its limit (which Kubernetes takes for a missing request), or its pod's.",
  why: "Without a request the scheduler sets nothing aside: the node is overbooked, and under load the container is starved. An autoscaler cannot measure utilisation against it either.",
  remedy: "resources:\n  requests:\n    cpu: 100m",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    "https://docs.kubelinter.io/#/generated/checks?id=unset-cpu-requirements",
    "Polaris cpuRequestsMissing",
    "Checkov CKV_K8S_10",
    "Trivy KSV-0015",
  ],
  ...eachWithResources(
    (container) => ({
      holds: isRequested(container, "cpu"),
      field: container.field.at("resources", "requests", "cpu"),
      problem: "is not set to a quantity above zero, and no limit stands in for it",
    }),
    started,
  ),
};
