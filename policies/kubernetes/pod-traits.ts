import type { Facts } from "../rule.ts";
import type { KubernetesObject } from "./object.ts";
import type { PodSpec } from "./pod-spec.ts";

/**
 * Whether a pod says that it runs on Windows, where capabilities, seccomp and privilege escalation do not exist. The
 * Pod Security Standards leave such pods out from Kubernetes 1.25 on.
 * @throws NotKnown
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#os-specific-policy-controls
 */
export function isForWindows(pod: PodSpec, { kubernetes }: Facts): boolean {
  return kubernetes.minor >= 25 && pod.field.at("os", "name").value === "windows";
}

/**
 * Whether a pod has users of its own, so that the Pod Security Standards ask less of it: its root is nobody outside.
 * @throws NotKnown
 * @see https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/#integration-with-pod-security-admission-checks
 */
export function hasOwnUsers(pod: PodSpec, { kubernetes }: Facts): boolean {
  return kubernetes.minor >= 35 && pod.field.at("hostUsers").value === false;
}

const trigger = /checksum|hash|sha(1|256)|config|secret|files|rotation|revision/i;

/**
 * Whether pods have an annotation that changes with their settings, so that new settings bring new pods, or a
 * controller restarts them.
 * @throws NotKnown
 */
export function rollsWithSettings(pod: PodSpec, object: KubernetesObject): boolean {
  const keys = pod.metadata.at("annotations").entries.map(([key]) => key);
  const reloaded = object.body
    .at("metadata", "annotations")
    .entries.some(([key]) => /reloader\.stakater\.com/.test(key));
  return reloaded || keys.some((key) => (trigger.test(key) && !/kubernetes\.io\//.test(key)) || /reloader/.test(key));
}
