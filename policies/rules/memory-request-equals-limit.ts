import { broken, eachWithResources } from "../judge.ts";
import { nanosOf } from "../kubernetes/quantity.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const memoryRequestEqualsLimit: Rule = {
  id: "memory-request-equals-limit",
  title: "Every container requests all the memory it may use",
  severity: "low",
  levels: advisoryFrom("staging"),
  what: "Where a container has a memory request, its memory limit is the same amount. A limit alone is its own request.",
  why: "Memory that is used but not requested is memory of others; when the node runs short, the kernel kills for it.",
  remedy: "resources:\n  requests:\n    memory: 256Mi\n  limits:\n    memory: 256Mi",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    "kube-score container-memory-requests-equal-limits",
    "Kyverno memory-requests-equal-limits",
  ],
  ...eachWithResources(
    function* ({ field }) {
      const request = field.at("resources", "requests", "memory");
      const limit = field.at("resources", "limits", "memory");
      if (request.set && nanosOf(request.value) !== nanosOf(limit.value))
        yield broken(limit, "is not the same as the request");
    },
    ["containers"],
  ),
};
