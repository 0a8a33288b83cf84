import { broken, each, findings } from "../judge.ts";
import { groupKind } from "../kubernetes/object.ts";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import { advisoryFrom, listOf, type Rule } from "../rule.ts";

export const labelsStandard: Rule = {
  id: "labels-standard",
  title: "Everything carries the labels that all tools know",
  severity: "low",
  levels: advisoryFrom("dev"),
  what: "Each workload, its pods and each Service have the configured labels, by default `app.kubernetes.io/name`, `instance`, `version`, `component`, `part-of` and `managed-by`.",
  why: "Tools, costs and people find what belongs together by them.",
  remedy:
    "metadata:\n  labels:\n    app.kubernetes.io/name: web\n    app.kubernetes.io/instance: web\n    app.kubernetes.io/version: 1.0.0\n    app.kubernetes.io/component: server\n    app.kubernetes.io/part-of: shop\n    app.kubernetes.io/managed-by: pulumi",
  sources: [
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/",
    "Polaris metadataAndInstanceMismatched, metadataAndNameMismatched",
    "Kyverno require-labels",
    "Gatekeeper K8sRequiredLabels",
    "Kubescape C-0077",
  ],
  options: {
    labels: {
      type: "array",
      items: { type: "string" },
      description: "The labels that must be there.",
      default: [
        "app.kubernetes.io/name",
        "app.kubernetes.io/instance",
        "app.kubernetes.io/version",
        "app.kubernetes.io/component",
        "app.kubernetes.io/part-of",
        "app.kubernetes.io/managed-by",
      ],
    },
  },
  sees: "object",
  appliesTo: (object) => podSpecOf(object) !== undefined || groupKind(object) === "/Service",
  judge: (object, options) =>
    findings(object, function* () {
      const own = object.body.at("metadata", "labels");
      const pods = podSpecOf(object)?.metadata.at("labels");
      // A Pod's own labels are those of its pods.
      const places = pods && pods.path !== own.path ? [own, pods] : [own];
      yield* each(places, function* (labels) {
        const missing = listOf(options.labels).filter((key) => !labels.at(key).set);
        if (missing.length > 0) yield broken(labels, `have no ${missing.join(", ")}`);
      });
    }),
};
