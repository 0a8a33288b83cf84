import { eachInStack } from "../judge.ts";
import { containersOf } from "../kubernetes/containers.ts";
import type { Field } from "../kubernetes/field.ts";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import { isRequested, type Resource, resources } from "../kubernetes/resources.ts";
import { autoscalerKind, referred } from "../kubernetes/scaling.ts";
import { allOf, not } from "../kubernetes/truth.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const hpaRequiresRequests: Rule = {
  id: "hpa-requires-requests",
  title: "Whatever is scaled by use requests what it uses",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "For each resource that a HorizontalPodAutoscaler measures by utilisation, each container and sidecar of its target has a request, its own, its limit, or its pod's.",
  why: "Utilisation is a part of the request: without one there is nothing to divide by, and the autoscaler does nothing.",
  remedy: "resources:\n  requests:\n    cpu: 100m",
  sources: ["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
  ...eachInStack([autoscalerKind], function* (autoscaler, { stack }) {
    const spec = autoscaler.body.at("spec");
    const target = referred(spec.at("scaleTargetRef"), autoscaler, stack);
    const pod = target && podSpecOf(target);
    if (!pod) return;
    for (const { resource, container: only, place } of measured(spec)) {
      for (const container of containersOf(pod)) {
        if (container.stays === false || (only !== undefined && container.name !== only)) continue;
        const requested = allOf(container.stays, not(isRequested(container, resource)));
        yield {
          holds: not(requested),
          field: place,
          problem: `measures ${resource}, which container ${container.name} does not request`,
        };
      }
    }
  }),
};

interface Measure {
  readonly resource: Resource;
  readonly container: string | undefined;
  readonly place: Field;
}

/** What an autoscaler measures by utilisation; without any metric Kubernetes measures CPU. */
function measured(spec: Field): Measure[] {
  const older = spec.at("targetCPUUtilizationPercentage");
  const metrics = spec.at("metrics");
  if (older.set) return [{ resource: "cpu", container: undefined, place: older }];
  if (metrics.list.length === 0) return [{ resource: "cpu", container: undefined, place: metrics }];
  return metrics.list.flatMap((metric) => {
    const isOfContainer = metric.at("type").value === "ContainerResource";
    const source = metric.at(isOfContainer ? "containerResource" : "resource");
    const name = resources.find((resource) => resource === source.at("name").value);
    const byUse = source.at("target", "averageUtilization").set || source.at("targetAverageUtilization").set;
    return name && byUse
      ? [{ resource: name, container: isOfContainer ? source.at("container").string : undefined, place: metric }]
      : [];
  });
}
