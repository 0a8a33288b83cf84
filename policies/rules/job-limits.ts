import { broken, each, eachObject } from "../judge.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const jobLimits: Rule = {
  id: "job-limits",
  title: "Every Job ends, whatever happens, and is cleared away",
  severity: "medium",
  levels: advisoryFrom("dev"),
  what: "Each Job has `backoffLimit`, `activeDeadlineSeconds` and `ttlSecondsAfterFinished`; each CronJob's Jobs have the first two, because its history limits clear them away.",
  why: "A Job that hangs holds its resources for ever, and one that fails is tried again six times by default.",
  remedy: "spec:\n  backoffLimit: 3\n  activeDeadlineSeconds: 600\n  ttlSecondsAfterFinished: 86400",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/job/",
    "kube-linter job-ttl-seconds-after-finished",
    "Kyverno require-job-ttl, cap-job-backoff",
  ],
  ...eachObject(["batch/Job", "batch/CronJob"], function* ({ body, kind }) {
    const spec = kind === "CronJob" ? body.at("spec", "jobTemplate", "spec") : body.at("spec");
    const keys = ["backoffLimit", "activeDeadlineSeconds", ...(kind === "Job" ? ["ttlSecondsAfterFinished"] : [])];
    yield* each(keys, function* (key) {
      if (!spec.at(key).set) yield broken(spec.at(key), "is not set");
    });
  }),
};
