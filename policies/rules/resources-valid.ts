import { broken, each, eachHolder } from "../judge.ts";
import { nanosOf } from "../kubernetes/quantity.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

/** Resources that come in bytes, of which there are no parts. */
const inBytes = /^(memory|ephemeral-storage|storage|hugepages-.+)$/;

export const resourcesValid: Rule = {
  id: "resources-valid",
  title: "Every request and limit is one that Kubernetes accepts and means what it says",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each request and limit of containers and pods is a quantity, not negative, and no request is above its limit. Memory and storage are whole bytes: `100m` of memory is a tenth of a byte.",
  why: "The API server refuses most of it only while deploying; a memory limit in milli-bytes it takes, and the container never starts.",
  remedy:
    "resources:\n  requests:\n    cpu: 100m\n    memory: 256Mi\n    ephemeral-storage: 100Mi\n  limits:\n    cpu: 500m\n    memory: 256Mi\n    ephemeral-storage: 1Gi",
  sources: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"],
  ...eachHolder(function* (holder) {
    const resources = holder.at("resources");
    for (const key of ["requests", "limits"]) {
      yield* each(resources.at(key).entries, function* ([name, amount]) {
        const nanos = amount.set ? nanosOf(amount.value) : 0n;
        if (nanos === undefined) yield broken(amount, "is not a quantity");
        else if (nanos < 0n) yield broken(amount, "is negative");
        else if (inBytes.test(name) && nanos % 1_000_000_000n !== 0n)
          yield broken(amount, "is not a whole number of bytes");
      });
    }
    yield* each(resources.at("requests").entries, function* ([name, request]) {
      const limit = nanosOf(resources.at("limits", name).value);
      const amount = nanosOf(request.value);
      if (limit !== undefined && amount !== undefined && amount > limit) yield broken(request, "is above its limit");
    });
  }),
};
