import { broken, each, eachWithResources, started } from "../judge.ts";
import { nanosOf } from "../kubernetes/quantity.ts";
import { resources } from "../kubernetes/resources.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const limitRequestRatio: Rule = {
  id: "limit-request-ratio",
  title: "No limit is far above its request",
  severity: "low",
  levels: advisoryFrom("staging"),
  what: "Each container's limit is at most the configured multiple of its request.",
  why: "The more may be used beyond what was requested, the more a node can be promised twice.",
  remedy: "resources:\n  requests:\n    cpu: 250m\n    memory: 256Mi\n  limits:\n    cpu: 500m\n    memory: 256Mi",
  sources: ["Gatekeeper K8sContainerRatios", "Kyverno enforce-resources-as-ratio"],
  options: {
    cpu: { type: "number", description: "How many times its request a CPU limit may be.", default: 10 },
    memory: { type: "number", description: "How many times its request a memory limit may be.", default: 2 },
  },
  ...eachWithResources(
    ({ field }, { options }) =>
      each(resources, function* (name) {
        const limit = field.at("resources", "limits", name);
        const request = nanosOf(field.at("resources", "requests", name).value);
        const amount = nanosOf(limit.value);
        if (!request || amount === undefined || request < 0n) return;
        if (Number(amount) > Number(request) * Number(options[name]))
          yield broken(limit, `is more than ${options[name]} times its request`);
      }),
    started,
  ),
};
