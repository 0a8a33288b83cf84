import type * as k8s from "@pulumi/kubernetes";
import { standardLabels } from "../model/names.ts";

/** A ConfigMap that services take their environment from. */
export function configMap(
  name: string,
  namespace: string,
  instance: string,
  data: Record<string, string>,
): { metadata: k8s.types.input.meta.v1.ObjectMeta; data: Record<string, string> } {
  return { metadata: { name, namespace, labels: standardLabels(name, instance, { component: "config" }) }, data };
}
