import { broken, each, eachObject } from "../judge.ts";
import { autoscalerKind } from "../kubernetes/scaling.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const hpaBounds: Rule = {
  id: "hpa-bounds",
  title: "Every autoscaler has room to scale, and takes its time to scale down",
  severity: "medium",
  levels: mandatoryFrom("prod"),
  what: "`minReplicas` is at least the configured number, `maxReplicas` above it, and the window for scaling down is not switched off.",
  why: "A least of one is an outage at every restart; an autoscaler without room is none; without a window pods come and go with every gust.",
  remedy:
    "spec:\n  minReplicas: 2\n  maxReplicas: 5\n  behavior:\n    scaleDown:\n      stabilizationWindowSeconds: 300",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    "kube-linter hpa-minimum-three-replicas",
    "kube-score horizontalpodautoscaler-replicas",
    "Polaris hpaMinAvailability, hpaMaxAvailability",
  ],
  options: {
    minimum: { type: "integer", description: "The least that `minReplicas` may be.", default: 2 },
  },
  ...eachObject([autoscalerKind], function* ({ body }, { options }) {
    const spec = body.at("spec");
    const [min, max] = [spec.at("minReplicas"), spec.at("maxReplicas")];
    yield* each([min], function* () {
      if ((min.number ?? 1) < Number(options.minimum))
        yield broken(min, min.set ? `is below ${options.minimum}` : "is not set, which means one");
    });
    yield* each([max], function* () {
      if ((max.number ?? 0) <= (min.number ?? 1)) yield broken(max, "is not above minReplicas");
    });
    const window = spec.at("behavior", "scaleDown", "stabilizationWindowSeconds");
    if (window.value === 0) yield broken(window, "is 0");
  }),
};
