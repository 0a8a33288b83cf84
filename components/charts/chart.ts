import { existsSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ChartEntry } from "./catalogue.ts";
import { fitProbePeriods } from "./containers.ts";
import { changeObjects } from "./transforms.ts";

/** Where charts come from: each one's publisher, an OCI registry that mirrors all, or a folder for clusters without a way out. */
export type ChartSource =
  | { kind: "upstream" }
  | { kind: "mirror"; registry: string }
  | { kind: "folder"; path: string };

/** A value that is known at preview. Outputs are kept out: with one of them unknown, a chart previews without its objects. */
export type PlainValue = string | number | boolean | null | PlainValue[] | { [key: string]: PlainValue };
/** The values of a chart. */
export type ChartValues = Record<string, PlainValue>;

/** A chart to install. */
export interface HelmChartArgs {
  entry: ChartEntry;
  /** @default upstream */
  source?: ChartSource | undefined;
  /** Helm's release name; the chart's objects and labels are made of it. */
  release: string;
  namespace: string;
  values: ChartValues;
  /** What the chart's values cannot set, one reason a transform. @default none */
  transforms?: pulumi.ResourceTransform[];
}

/** How a chart is named to Helm, by where it comes from. */
export function chartReference(
  { name, version, repository }: ChartEntry,
  source: ChartSource,
): { chart: string; version?: string; repositoryOpts?: { repo: string } } {
  switch (source.kind) {
    case "folder":
      return { chart: chartFolder(source.path, name, version) };
    case "mirror":
      return { chart: `${source.registry.replace(/\/$/, "")}/${name}`, version };
    case "upstream":
      if (repository.startsWith("oci://")) return { chart: `${repository}/${name}`, version };
      return { chart: name, version, repositoryOpts: { repo: repository } };
  }
}

/** A folder may hold several versions of a chart, each as `<name>-<version>`; one that holds a single version calls it `<name>`. */
function chartFolder(path: string, name: string, version: string): string {
  const exact = join(path, `${name}-${version}`);
  return existsSync(exact) ? exact : join(path, name);
}

/**
 * Installs a chart as `helm.v4.Chart`, never as a Release: every object becomes a resource that previews show and policies
 * judge. Helm hooks are dropped by it, so each chart's component replaces what its hooks did.
 */
export function helmChart(name: string, args: HelmChartArgs, opts: pulumi.ComponentResourceOptions): k8s.helm.v4.Chart {
  const { entry, source = { kind: "upstream" }, release, namespace, values, transforms = [] } = args;
  return new k8s.helm.v4.Chart(
    name,
    { name: release, namespace, values, ...chartReference(entry, source) },
    { ...opts, transforms: [...transforms, changeObjects(fitProbePeriods), ...(opts.transforms ?? [])] },
  );
}
