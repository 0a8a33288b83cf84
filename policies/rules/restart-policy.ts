import { broken, eachPod } from "../judge.ts";
import { groupKind } from "../kubernetes/object.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const restartPolicy: Rule = {
  id: "restart-policy",
  title: "Every pod's restart policy fits what makes it",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "`restartPolicy` is `Always` or absent for what runs for long, and `OnFailure` or `Never` for Jobs and CronJobs; a Pod may have each of them.",
  why: "The API server refuses the rest, but only while deploying.",
  remedy: "restartPolicy: Always",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy",
    "kube-linter restart-policy",
  ],
  ...eachPod(function* ({ field }, { object }) {
    const policy = field.at("restartPolicy");
    const isJob = groupKind(object).startsWith("batch/");
    const isFree = ["Pod", "PodTemplate"].includes(object.kind);
    const allowed: unknown[] = isJob
      ? ["OnFailure", "Never"]
      : isFree
        ? [undefined, "Always", "OnFailure", "Never"]
        : [undefined, "Always"];
    if (!allowed.includes(policy.value))
      yield broken(
        policy,
        isJob ? "is neither OnFailure nor Never" : "is not Always",
        isJob ? "restartPolicy: OnFailure" : undefined,
      );
  }),
};
