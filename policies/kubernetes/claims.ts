import type { Field } from "./field.ts";
import type { KubernetesObject } from "./object.ts";

/** The kinds that claim storage. */
export const claimKinds = ["/PersistentVolumeClaim", "apps/StatefulSet"];

/**
 * The claims that an object is or makes.
 * @throws NotKnown
 */
export function claimsOf(object: KubernetesObject): Field[] {
  return object.kind === "PersistentVolumeClaim" ? [object.body] : object.body.at("spec", "volumeClaimTemplates").list;
}
