import { broken, each, eachContainer, started } from "../judge.ts";
import type { Field } from "../kubernetes/field.ts";
import { probeKinds } from "../kubernetes/probes.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const probeTimingSane: Rule = {
  id: "probe-timing-sane",
  title: "Every probe's times fit together",
  severity: "medium",
  levels: mandatoryFrom("prod"),
  what: "No probe's timeout is above its period; a container is given up (liveness period times failures) no sooner than it is taken out of service (readiness period times failures); liveness and startup probes have `successThreshold` 1.",
  why: "Times that contradict each other restart what only needed a pause, or ask again before the answer can come.",
  remedy:
    "readinessProbe:\n  periodSeconds: 10\n  timeoutSeconds: 5\n  failureThreshold: 3\nlivenessProbe:\n  periodSeconds: 10\n  timeoutSeconds: 5\n  failureThreshold: 3",
  sources: ["https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/"],
  ...eachContainer(function* (container) {
    yield* each(probeKinds, function* (kind) {
      const probe = container.field.at(kind);
      if (!probe.set) return;
      if ((probe.at("timeoutSeconds").number ?? 1) > (probe.at("periodSeconds").number ?? 10))
        yield broken(probe.at("timeoutSeconds"), "is above the period");
      if (kind !== "readinessProbe" && (probe.at("successThreshold").number ?? 1) !== 1)
        yield broken(probe.at("successThreshold"), "must be 1");
    });
    yield* each([container], function* ({ field }) {
      const [readiness, liveness] = [field.at("readinessProbe"), field.at("livenessProbe")];
      if (readiness.set && liveness.set && windowOf(liveness) < windowOf(readiness))
        yield broken(
          liveness,
          "gives up sooner than the readiness probe",
          "livenessProbe:\n  periodSeconds: 10\n  failureThreshold: 3",
        );
    });
  }, started),
};

/** How long a probe may fail before it counts, in seconds. */
function windowOf(probe: Field): number {
  return (probe.at("periodSeconds").number ?? 10) * (probe.at("failureThreshold").number ?? 3);
}
