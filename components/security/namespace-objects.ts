import { standardLabels } from "../model/names.ts";
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

/** What a container gets that says nothing itself, such as cert-manager's short-lived challenge solvers. */
export const containerDefaults = {
  type: "Container",
  defaultRequest: { cpu: "50m", memory: "64Mi" },
  default: { cpu: "250m", memory: "256Mi" },
};
