import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { selectorLabels, standardLabels } from "../model/names.ts";
import type { Service } from "../model/service.ts";

/** An environment variable with everything looked up: a literal, or a key of a Secret in the same namespace. */
export type ResolvedEnvValue = pulumi.Input<string> | { secret: string; key: string };

/** One service with everything that its objects are made of. */
export interface Workload extends Omit<Service, "env" | "uses" | "egress"> {
  name: string;
  namespace: string;
  /** Value of app.kubernetes.io/instance: what the service is a part of. */
  instance: string;
  env: Record<string, ResolvedEnvValue>;
  /** Names of existing image pull Secrets. */
  pullSecrets: string[];
  /** Whatever must roll the pods when it changes: checksums and rotation numbers, by short name. Never made of a generated value. */
  rollout: Record<string, string>;
}

type Metadata = { name: string; namespace: string; labels: Record<string, string> };

/** Labels of every object of a workload. */
export function workloadLabels(workload: Workload): Record<string, string> {
  const version = workload.image.tag ?? workload.image.digest?.slice(7, 19);
  const standard = standardLabels(workload.name, workload.instance, {
    component: workload.component,
    ...(version ? { version } : {}),
  });
  return { ...standard, ...workload.labels };
}

/** Labels that select a workload's pods. */
export function workloadSelector({
  name,
  instance,
  labels,
}: Pick<Workload, "name" | "instance" | "labels">): Record<string, string> {
  return { ...selectorLabels(name, instance), ...labels };
}

/** Metadata of an object of a workload; `suffix` tells objects of one kind apart. */
export function workloadMetadata(workload: Workload, suffix = ""): Metadata {
  return { name: `${workload.name}${suffix}`, namespace: workload.namespace, labels: workloadLabels(workload) };
}

/** Fewest pods that will run at any time. */
export function minimumReplicas({
  kind,
  autoscaling,
  replicas,
}: Pick<Service, "kind" | "autoscaling" | "replicas">): number {
  if (kind === "DaemonSet") return 1;
  return autoscaling?.min ?? replicas;
}

/** Objects of a workload in the model's own kinds. */
export type PodTemplate = k8s.types.input.core.v1.PodTemplateSpec;
