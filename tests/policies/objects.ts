import { kubernetesObjects } from "../../policies/kubernetes/object.ts";
import { objectsOfResource } from "../../policies/kubernetes/pulumi-resource.ts";
import { defaultOptions, type Finding, type Options, type Rule } from "../../policies/rule.ts";

export type Json = { [key: string]: unknown };

/** Where each kind that makes pods has its pod spec, written down apart from the pack's own table. */
export const podBearing = [
  { apiVersion: "v1", kind: "Pod", path: ["spec"], longRunning: true },
  { apiVersion: "v1", kind: "PodTemplate", path: ["template", "spec"], longRunning: true },
  { apiVersion: "v1", kind: "ReplicationController", path: ["spec", "template", "spec"], longRunning: true },
  { apiVersion: "apps/v1", kind: "Deployment", path: ["spec", "template", "spec"], longRunning: true },
  { apiVersion: "apps/v1", kind: "StatefulSet", path: ["spec", "template", "spec"], longRunning: true },
  { apiVersion: "apps/v1", kind: "DaemonSet", path: ["spec", "template", "spec"], longRunning: true },
  { apiVersion: "apps/v1", kind: "ReplicaSet", path: ["spec", "template", "spec"], longRunning: true },
  { apiVersion: "batch/v1", kind: "Job", path: ["spec", "template", "spec"], longRunning: false },
  {
    apiVersion: "batch/v1",
    kind: "CronJob",
    path: ["spec", "jobTemplate", "spec", "template", "spec"],
    longRunning: false,
  },
  { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", path: ["spec", "template", "spec"], longRunning: true },
] as const;

export type PodBearing = (typeof podBearing)[number];

/** A container with which every rule holds. */
export function container(name: string, more: Json = {}): Json {
  return {
    name,
    image: "registry.example/app:1.0.0",
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
    readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
    livenessProbe: { httpGet: { path: "/health", port: 8080 } },
    ...more,
  };
}

/** The same for an init container, which has no probes. */
export function initContainer(name: string, more: Json = {}): Json {
  const { readinessProbe: _readiness, livenessProbe: _liveness, ...rest } = container(name);
  return { ...rest, ...more };
}

/** An object around a pod spec. */
export function objectAround({ apiVersion, kind, path }: PodBearing, podSpec: Json): Json {
  const inside = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), podSpec) as Json;
  return { apiVersion, kind, metadata: { name: "web", namespace: "shop" }, ...inside };
}

/** What a rule finds in a manifest. */
export function findingsIn(rule: Rule, manifest: Json, options: Options = {}): Finding[] {
  const { apiVersion, kind } = manifest;
  const objects = kubernetesObjects({
    apiVersion: String(apiVersion),
    kind: String(kind),
    name: "web",
    body: manifest,
  });
  return findings(rule, objects, options);
}

/** What a rule finds in a Pulumi resource of the given type. */
export function findingsInResource(rule: Rule, type: string, props: Json): Finding[] {
  return findings(rule, objectsOfResource({ type, props, name: "web", urn: `urn:pulumi:s::p::${type}::web` }));
}

function findings(rule: Rule, objects: ReturnType<typeof kubernetesObjects>, options: Options = {}): Finding[] {
  const all = { ...defaultOptions(rule), ...options };
  if (rule.sees === "stack") return rule.judge(objects, all);
  return objects.filter((object) => rule.appliesTo(object)).flatMap((object) => rule.judge(object, all));
}

/** Every path to a value in an object, leaves and branches. */
export function pathsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => pathsIn(child, [...path, key]))].filter(
    (found) => found.length > 0,
  );
}

/** A copy of an object in which the value at a path is another, or is gone. */
export function changed(object: Json, path: readonly string[], value?: unknown): Json {
  const copy = structuredClone(object);
  let parent: Json = copy;
  for (const key of path.slice(0, -1)) {
    parent[key] ??= {};
    parent = parent[key] as Json;
  }
  const last = path.at(-1) ?? "";
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
