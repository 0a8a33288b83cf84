import { eachWithResources, started } from "../judge.ts";
import { isRequested, isRequestedByName, resources } from "../kubernetes/resources.ts";
import { anyOf, not } from "../kubernetes/truth.ts";
import type { Rule } from "../rule.ts";

export const requestsExplicit: Rule = {
  id: "requests-explicit",
  title: "Every container's requests are written out",
  severity: "low",
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  what: "Where a container has a CPU or memory limit, it or its pod has a request of the same resource too. Where nothing at all is requested, cpu-requests-set and memory-requests-set say so.",
  why: "Kubernetes takes a limit for the request that is left out: every pod then reserves its peak, and whoever raises a limit changes what fits on the nodes without knowing.",
  remedy: "resources:\n  requests:\n    cpu: 100m\n    memory: 256Mi\n  limits:\n    cpu: 500m\n    memory: 256Mi",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    "kube-score container-resources",
    "Polaris cpuRequestsMissing, memoryRequestsMissing",
    "Kyverno require-requests-limits",
  ],
  ...eachWithResources(
    (container) =>
      resources.map((resource) => ({
        holds: anyOf(isRequestedByName(container, resource), not(isRequested(container, resource))),
        field: container.field.at("resources", "requests", resource),
        problem: "is not set, so the limit is taken for it",
      })),
    started,
  ),
};
