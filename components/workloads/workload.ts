import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Color } from "../model/blue-green.ts";
import { selectorLabels, standardLabels } from "../model/names.ts";
import type { Service } from "../model/service.ts";

/** An environment variable with everything looked up: a literal, or a key of a Secret in the same namespace. */
export type ResolvedEnvValue = pulumi.Input<string> | { secret: pulumi.Input<string>; key: pulumi.Input<string> };

/** All keys of a ConfigMap or a Secret in the same namespace. */
export type ResolvedEnvFrom = { config: pulumi.Input<string> } | { secret: pulumi.Input<string> };

type ServiceFields = Omit<Service, "env" | "envFrom" | "uses" | "egress">;

/** What any pod is made of: one of a service, or one of a job. */
export interface PodModel
  extends Pick<
    ServiceFields,
    | "component"
    | "containerName"
    | "labels"
    | "podAnnotations"
    | "image"
    | "imagePullPolicy"
    | "command"
    | "args"
    | "resources"
    | "files"
    | "volumes"
    | "security"
    | "terminationGracePeriodSeconds"
  > {
  name: string;
  namespace: pulumi.Input<string>;
  /** Value of app.kubernetes.io/instance: what the service is a part of. */
  instance: string;
  env: Record<string, ResolvedEnvValue>;
  envFrom: ResolvedEnvFrom[];
  /** Names of existing image pull Secrets. */
  pullSecrets: string[];
  /** Whatever must roll the pods when it changes: checksums and rotation numbers, by short name. Nothing that tells of a secret. */
  rollout: Record<string, pulumi.Input<string>>;
}

/** One service with everything that its objects are made of. */
export interface Workload extends PodModel, Omit<ServiceFields, keyof PodModel> {
  /** Which of two sets of pods this is, where the service is released blue-green; undefined for what both share. */
  color?: Color;
}

type Metadata = { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> };

/** Labels of every object of a workload. A new version changes none of them but those of the pods and what owns them. */
export function workloadLabels(workload: Workload, version?: string): Record<string, string> {
  const { name, instance, component, labels, color } = workload;
  const standard = standardLabels(name, instance, { component, ...(version ? { version } : {}) });
  return { ...standard, ...labels, ...(color ? { color } : {}) };
}

/** Labels of pods and of what owns them: with the version. */
export function versionedLabels(workload: Workload): Record<string, string> {
  return workloadLabels(workload, workload.image.tag ?? workload.image.digest?.slice(7, 19));
}

/** Labels that select a workload's pods, of one colour where it has one. */
export function workloadSelector({
  name,
  instance,
  labels,
  color,
}: Pick<Workload, "name" | "instance" | "labels" | "color">): Record<string, string> {
  return { ...selectorLabels(name, instance), ...labels, ...(color ? { color } : {}) };
}

/** Name of a set of pods: the service's and, where there may be two, its colour. */
export function trackName({ name, color }: Pick<Workload, "name" | "color">): string {
  return color ? `${name}-${color}` : name;
}

/** Metadata of an object that belongs to one set of pods. */
export function trackMetadata(workload: Workload): Metadata {
  return { ...workloadMetadata(workload), name: trackName(workload) };
}

/** Metadata of what owns the pods. */
export function ownerMetadata(workload: Workload): Metadata {
  return { ...trackMetadata(workload), labels: versionedLabels(workload) };
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
