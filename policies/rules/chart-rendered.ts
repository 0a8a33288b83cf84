import type { KubernetesObject } from "../kubernetes/object.ts";
import type { Rule } from "../rule.ts";

/** The components of the Kubernetes provider that render objects: an input that is not known yet makes them render none. */
const renderers = ["helm.sh/v4/Chart", "yaml/v2/ConfigGroup", "yaml/v2/ConfigFile", "kustomize/v2/Directory"];

export const chartRendered: Rule = {
  id: "chart-rendered",
  title: "Every chart renders its objects",
  severity: "critical",
  levels: { dev: "mandatory", staging: "mandatory", prod: "mandatory" },
  what: "Each helm.v4.Chart, yaml.v2.ConfigGroup, yaml.v2.ConfigFile and kustomize.v2.Directory has at least one object.",
  why: "With a value that is not known during preview the provider renders nothing at all, and every other rule passes because it sees none of the chart's objects.",
  remedy:
    "Give the chart only values that are known during preview: keep passwords in a Secret of your own and name it (existingSecret).",
  sources: ["https://github.com/pulumi/pulumi-kubernetes/blob/v4.32.0/provider/pkg/provider/helm/v4/chart.go"],
  sees: "stack",
  judge: ({ all: objects }) => {
    const parents = new Set(objects.map(({ resource }) => resource?.parent));
    return objects
      .filter((object) => isRenderer(object) && !parents.has(object.resource?.urn))
      .map((object) => ({ verdict: "broken", object, path: "", problem: "rendered no objects, so none was judged" }));
  },
};

function isRenderer(object: KubernetesObject): boolean {
  return renderers.includes(`${object.apiVersion}/${object.kind}`);
}
