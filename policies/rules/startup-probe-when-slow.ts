import { broken, eachContainer, started } from "../judge.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const startupProbeWhenSlow: Rule = {
  id: "startup-probe-when-slow",
  title: "Every container that starts slowly has a startup probe",
  severity: "medium",
  levels: advisoryFrom("staging"),
  what: "Where `livenessProbe.initialDelaySeconds` is above 30, there is a `startupProbe`. A startup probe gives at least the configured time to start.",
  why: "A long delay is a guess: too short, and a slow start is killed for ever; too long, and a hang goes unseen. A startup probe ends when the start does.",
  remedy: "startupProbe:\n  httpGet:\n    path: /health\n    port: http\n  periodSeconds: 10\n  failureThreshold: 30",
  sources: ["https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/"],
  options: {
    startSeconds: {
      type: "integer",
      description: "The time that every startup probe must give, in seconds.",
      default: 0,
    },
  },
  ...eachContainer(function* ({ field }, { options }) {
    const startup = field.at("startupProbe");
    if (startup.set) {
      const seconds =
        (startup.at("initialDelaySeconds").number ?? 0) +
        (startup.at("periodSeconds").number ?? 10) * (startup.at("failureThreshold").number ?? 3);
      if (seconds < Number(options.startSeconds))
        yield broken(startup, `gives less than ${options.startSeconds} seconds to start`);
    } else if ((field.at("livenessProbe", "initialDelaySeconds").number ?? 0) > 30)
      yield broken(startup, "is not set, although the liveness probe waits longer than 30 seconds");
  }, started),
};
