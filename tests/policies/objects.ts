import { kubernetesObjects, type Resource } from "../../policies/kubernetes/object.ts";
import { objectsOfResource } from "../../policies/kubernetes/pulumi-resource.ts";
import { Stack } from "../../policies/kubernetes/stack.ts";
import { newestKubernetes } from "../../policies/kubernetes/version.ts";
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
    image: `registry.example/app:1.0.0@sha256:${"0123456789abcdef".repeat(4)}`,
    ports: [{ name: "http", containerPort: 8080 }],
    resources: {
      requests: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "100Mi" },
      limits: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "1Gi" },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
    },
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

/** A pod spec with which every rule about single objects holds. */
export function podSpec(containers: Json, more: Json = {}): Json {
  return {
    serviceAccountName: "web",
    automountServiceAccountToken: false,
    priorityClassName: "standard",
    terminationGracePeriodSeconds: 60,
    securityContext: {
      runAsUser: 10_001,
      runAsGroup: 10_001,
      fsGroup: 10_001,
      seccompProfile: { type: "RuntimeDefault" },
    },
    dnsConfig: { options: [{ name: "ndots", value: "2" }] },
    ...containers,
    ...more,
  };
}

const labels = {
  team: "shop",
  "app.kubernetes.io/name": "web",
  "app.kubernetes.io/instance": "web",
  "app.kubernetes.io/version": "1.0.0",
  "app.kubernetes.io/component": "server",
  "app.kubernetes.io/part-of": "shop",
  "app.kubernetes.io/managed-by": "test",
};

/** An object around a pod spec. */
export function objectAround({ apiVersion, kind, path }: PodBearing, spec: Json): Json {
  const inside = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), spec) as Json;
  const object = { apiVersion, kind, metadata: { name: "web", namespace: "shop", labels }, ...inside };
  if (path.length === 1) return object;
  const whole = changed(object, [...path.slice(0, -1), "metadata"], { labels });
  if (kind === "Job" || kind === "CronJob" || kind === "PodTemplate") return whole;
  const matchLabels = { "app.kubernetes.io/name": "web" };
  return changed(whole, ["spec", "selector"], kind === "ReplicationController" ? matchLabels : { matchLabels });
}

/** A resource of a Pulumi program as a test writes it down, with what the engine says of it beside its inputs. */
export interface Made extends Omit<Resource, "urn"> {
  readonly type: string;
  readonly name: string;
  readonly props?: Json;
}

/** Whether this is a resource of a Pulumi program, and no manifest. */
export function isMade(one: object): one is Made {
  return "type" in one && !("kind" in one);
}

/** The URN of a resource of a test. */
export function urnOf({ type, name }: Pick<Made, "type" | "name">): string {
  return `urn:pulumi:test::test::${type}::${name}`;
}

/** The objects to judge that a manifest holds, or a resource of a Pulumi program as {@link Made} has it. */
export function objectsOf(manifest: Json): ReturnType<typeof kubernetesObjects> {
  if (isMade(manifest)) {
    const { type, name, props = {}, ...options } = manifest;
    return objectsOfResource({ type, name, props, resource: { urn: urnOf(manifest), ...options } });
  }
  return kubernetesObjects({
    apiVersion: String(manifest.apiVersion),
    kind: String(manifest.kind),
    name: "web",
    body: manifest,
  });
}

/** What a rule finds in a manifest. */
export function findingsIn(rule: Rule, manifest: Json, options: Options = {}): Finding[] {
  return findings(rule, objectsOf(manifest), options);
}

/** What a rule finds in a Pulumi resource of the given type. */
export function findingsInResource(rule: Rule, type: string, props: Json): Finding[] {
  const urn = `urn:pulumi:s::p::${type}::web`;
  return findings(rule, objectsOfResource({ type, props, name: "web", resource: { urn } }));
}

/** What a rule finds in objects that belong together. */
export function findings(
  rule: Rule,
  objects: ReturnType<typeof kubernetesObjects>,
  options: Options = {},
  facts = { kubernetes: newestKubernetes },
): Finding[] {
  const all = { ...defaultOptions(rule), ...options };
  if (rule.sees === "judging") return [];
  if (rule.sees === "stack") return rule.judge(new Stack(objects), all, facts);
  return objects.filter((object) => rule.appliesTo(object)).flatMap((object) => rule.judge(object, all, facts));
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

/** An object with another written into it: maps are joined, `null` takes away, all else is replaced. */
export function merged(into: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const base = typeof into === "object" && into !== null && !Array.isArray(into) ? (into as Json) : {};
  const entries = Object.entries(patch).map(([key, value]) => [key, merged(base[key], value)] as const);
  return Object.fromEntries(Object.entries({ ...base, ...Object.fromEntries(entries) }).filter(([, v]) => v !== null));
}
