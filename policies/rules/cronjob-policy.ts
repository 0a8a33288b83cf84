import { broken, each, eachObject } from "../judge.ts";
import { isSchedule, isTimeZone } from "../kubernetes/schedule.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const cronjobPolicy: Rule = {
  id: "cronjob-policy",
  title: "Every CronJob says when it runs and what happens if it cannot",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "`schedule` and `timeZone` are valid; `concurrencyPolicy` is `Forbid` or `Replace`; `startingDeadlineSeconds`, `successfulJobsHistoryLimit` and `failedJobsHistoryLimit` are set.",
  why: "By default two runs may overlap, and after a pause of the control plane a hundred missed starts are never made up for.",
  remedy:
    'spec:\n  schedule: "0 3 * * *"\n  timeZone: Etc/UTC\n  concurrencyPolicy: Forbid\n  startingDeadlineSeconds: 600\n  successfulJobsHistoryLimit: 3\n  failedJobsHistoryLimit: 1',
  sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/", "kube-score cronjob-has-deadline"],
  ...eachObject(["batch/CronJob"], function* ({ body }) {
    const spec = body.at("spec");
    yield* each([spec], function* () {
      if (!isSchedule(spec.at("schedule").string ?? "")) yield broken(spec.at("schedule"), "is no schedule");
    });
    yield* each([spec.at("timeZone")], function* (zone) {
      if (zone.set && !isTimeZone(zone.string ?? "")) yield broken(zone, "is no time zone");
    });
    yield* each([spec.at("concurrencyPolicy")], function* (policy) {
      if (policy.value !== "Forbid" && policy.value !== "Replace")
        yield broken(policy, "is neither Forbid nor Replace");
    });
    yield* each(["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"], function* (key) {
      if (!spec.at(key).set) yield broken(spec.at(key), "is not set");
    });
  }),
};
