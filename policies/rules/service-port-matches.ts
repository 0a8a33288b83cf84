import { broken, each, eachInStack } from "../judge.ts";
import { isDeclared, podPorts } from "../kubernetes/ports.ts";
import { podsOf } from "../kubernetes/services.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const servicePortMatches: Rule = {
  id: "service-port-matches",
  title: "Every Service sends to a port that its pods have",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each `targetPort`, by number or name, else the `port`, is declared by a container of each workload that the Service selects.",
  why: "Traffic to a port on which nobody listens is refused, by name it is not even sent.",
  remedy: "ports:\n  - name: http\n    port: 80\n    targetPort: http",
  sources: ["https://kubernetes.io/docs/concepts/services-networking/service/"],
  ...eachInStack(["/Service"], function* (service, { stack }) {
    const spec = service.body.at("spec");
    if (spec.at("type").value === "ExternalName" || spec.at("selector").entries.length === 0) return;
    const pods = podsOf(service, stack).flatMap(({ pod }) => pod ?? []);
    yield* each(spec.at("ports").list, function* (port) {
      const target = port.at("targetPort").set ? port.at("targetPort") : port.at("port");
      for (const pod of pods) {
        // A name leads to a port of the same protocol only; a number is sent to whatever is declared.
        const protocol = typeof target.value === "string" ? (port.at("protocol").string ?? "TCP") : undefined;
        if (isDeclared(target.value, podPorts(pod), protocol)) continue;
        yield broken(target, "is no port of the pods that the Service selects");
        return;
      }
    });
  }),
};
