import * as k8s from "@pulumi/kubernetes";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** One resource for each thing that the stand-ins do not have. */
export const refused: Record<string, (namespace: string, options: CustomResourceOptions) => unknown> = {
  unnamed: (namespace, options) => new k8s.core.v1.ConfigMap("unnamed", { metadata: { namespace } }, options),
  patch: (namespace, options) => new k8s.core.v1.NamespacePatch("patch", { metadata: { name: namespace } }, options),
  release: (namespace, options) => new k8s.helm.v3.Release("release", { chart: "chart", namespace }, options),
  yaml: (_, options) => new k8s.yaml.v2.ConfigGroup("group", { yaml: "a: 1" }, options),
  chartArgument: (namespace, options) =>
    new k8s.helm.v4.Chart("verified", { chart: `${import.meta.dirname}/chart`, namespace, verify: true }, options),
  uuid: () => new random.RandomUuid("uuid"),
};
