import { broken, each, eachInStack } from "../judge.ts";
import { type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import { autoscalerKind } from "../kubernetes/scaling.ts";
import { someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const hpaUnique: Rule = {
  id: "hpa-unique",
  title: "Nothing is scaled by two",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each target has one HorizontalPodAutoscaler, and no VerticalPodAutoscaler that changes the resources which it measures.",
  why: "Two that pull at one thing never come to rest: less CPU per pod means a higher share used, means more pods.",
  remedy: 'Remove one of them, or set the VerticalPodAutoscaler\'s updateMode to "Off".',
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    "Kyverno check-hpa-exists",
    "https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/known-limitations.md",
  ],
  ...eachInStack([autoscalerKind], function* (autoscaler, { stack }) {
    const target = (one: KubernetesObject, key: string) => {
      const ref = one.body.at("spec", key);
      return JSON.stringify([namespaceOf(one), ref.at("kind").value, ref.at("name").value]);
    };
    const own = target(autoscaler, "scaleTargetRef");
    const all = stack.ofKind(autoscalerKind);
    yield* each([autoscaler], function* ({ body }) {
      const [other] = someOf(all.slice(0, all.indexOf(autoscaler)), (one) => target(one, "scaleTargetRef") === own);
      if (other)
        yield broken(body.at("spec", "scaleTargetRef"), `is the target of HorizontalPodAutoscaler ${other.name} too`);
    });
    const measures = measuredBy(autoscaler);
    const [vertical] = someOf(
      stack.ofKind("autoscaling.k8s.io/VerticalPodAutoscaler"),
      (one) => target(one, "targetRef") === own && changes(one).some((name) => measures.includes(name)),
    );
    if (vertical)
      yield broken(
        autoscaler.body.at("spec", "metrics"),
        `measures what VerticalPodAutoscaler ${vertical.name} changes`,
      );
  }),
};

function measuredBy({ body }: KubernetesObject): string[] {
  const metrics = body.at("spec", "metrics").list;
  if (metrics.length === 0) return ["cpu"];
  return metrics.flatMap(
    (metric) => metric.at("resource", "name").string ?? metric.at("containerResource", "name").string ?? [],
  );
}

/** The resources that a VerticalPodAutoscaler changes in running pods. */
function changes({ body }: KubernetesObject): string[] {
  const mode = body.at("spec", "updatePolicy", "updateMode").value ?? "Auto";
  if (mode === "Off" || mode === "Initial") return [];
  const policies = body.at("spec", "resourcePolicy", "containerPolicies").list;
  if (policies.length === 0) return ["cpu", "memory"];
  return policies.flatMap((policy) => {
    if (policy.at("mode").value === "Off") return [];
    return policy.at("controlledResources").set ? policy.at("controlledResources").strings : ["cpu", "memory"];
  });
}
