import type * as k8s from "@pulumi/kubernetes";
import { z } from "zod";
import { standardLabels } from "../model/names.ts";
import { resourcesSchema } from "../model/quantity.ts";
import type { Quota } from "../model/system.ts";

/** Pod Security levels of a namespace (kubernetes.io, "Pod Security Standards"). */
export const podSecurityLevels = ["restricted", "baseline", "privileged"] as const;
export type PodSecurityLevel = (typeof podSecurityLevels)[number];

/** Metadata of a namespace that is held to a Pod Security level as a version of Kubernetes has it. */
export function namespaceMetadata(
  name: string,
  instance: string,
  level: PodSecurityLevel,
  version: string,
  more: Record<string, string> = {},
): { name: string; labels: Record<string, string> } {
  const labels: Record<string, string> = { ...more, ...standardLabels(name, instance, { component: "namespace" }) };
  for (const mode of ["enforce", "audit", "warn"]) {
    labels[`pod-security.kubernetes.io/${mode}`] = level;
    labels[`pod-security.kubernetes.io/${mode}-version`] = version;
  }
  return { name, labels };
}

/** Hard limits of a ResourceQuota: what is given, and nothing else. */
export function quotaLimits(quota: Quota): Record<string, string> {
  const { nodePorts, loadBalancers } = quota;
  return {
    ...(quota.cpu ? { "requests.cpu": quota.cpu } : {}),
    ...(quota.memory ? { "requests.memory": quota.memory } : {}),
    ...(quota.pods ? { pods: String(quota.pods) } : {}),
    ...(quota.storage ? { "requests.storage": quota.storage } : {}),
    ...(nodePorts === undefined ? {} : { "services.nodeports": String(nodePorts) }),
    ...(loadBalancers === undefined ? {} : { "services.loadbalancers": String(loadBalancers) }),
  };
}

const amountsSchema = resourcesSchema.shape.limits.partial();

/** What a container gets for what it does not say itself, such as cert-manager's short-lived challenge solvers. */
export const containerDefaultsSchema = z.strictObject({
  requests: amountsSchema
    .default({ cpu: "50m", memory: "64Mi" })
    .describe("Requests where neither these nor limits are said."),
  limits: amountsSchema
    .default({ cpu: "250m", memory: "256Mi" })
    .describe(
      "Limits where none are said. A container that requests more than these and has no limit is refused; leave cpu out to let it.",
    ),
});
export type ContainerDefaults = z.input<typeof containerDefaultsSchema>;

/** The limits of a LimitRange. */
export function containerLimits({
  requests,
  limits,
}: z.output<typeof containerDefaultsSchema>): k8s.types.input.core.v1.LimitRangeItem {
  return { type: "Container", defaultRequest: amounts(requests), default: amounts(limits) };
}

function amounts({ cpu, memory, ephemeralStorage }: z.output<typeof amountsSchema>): Record<string, string> {
  return {
    ...(cpu ? { cpu } : {}),
    ...(memory ? { memory } : {}),
    ...(ephemeralStorage ? { "ephemeral-storage": ephemeralStorage } : {}),
  };
}
