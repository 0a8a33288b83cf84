import type { Facts } from "../rule.ts";
import type { PodSpec } from "./pod-spec.ts";

/**
 * Whether a pod says that it runs on Windows, where capabilities, seccomp and privilege escalation do not exist.
 * @throws NotKnown
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#os-specific-policy-controls
 */
export function isForWindows(pod: PodSpec): boolean {
  return pod.field.at("os", "name").value === "windows";
}

/**
 * Whether a pod has users of its own, so that the Pod Security Standards ask less of it: its root is nobody outside.
 * @throws NotKnown
 * @see https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/#integration-with-pod-security-admission-checks
 */
export function hasOwnUsers(pod: PodSpec, { kubernetes }: Facts): boolean {
  return kubernetes.minor >= 35 && pod.field.at("hostUsers").value === false;
}
