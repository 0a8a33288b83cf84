import { eachContainer, started } from "../judge.ts";
import { probesOf } from "../kubernetes/probes.ts";
import { not } from "../kubernetes/truth.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const probeOnlyOnLongRunning: Rule = {
  id: "probe-only-on-long-running",
  title: "No container that is meant to end has probes",
  severity: "low",
  levels: mandatoryFrom("prod"),
  what: "Containers of Jobs and CronJobs, and init containers that are no sidecars, have no probes.",
  why: "Readiness means nothing for what takes no requests, and a liveness probe kills work that is half done. Plain init containers with probes are refused.",
  remedy: "Remove the probes; a Job's time is limited by activeDeadlineSeconds.",
  sources: ["kube-score pod-probes", "https://github.com/FairwindsOps/polaris/issues/215"],
  ...eachContainer(function* (container, { object }) {
    const isJob = object.kind === "Job" || object.kind === "CronJob";
    const ends = container.position === "containers" ? isJob : not(container.stays);
    if (ends === false) return;
    for (const probe of probesOf(container))
      yield { holds: not(ends), field: probe, problem: "is set, although the container is meant to end" };
  }, started),
};
