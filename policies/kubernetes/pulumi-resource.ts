import { type KubernetesObject, kubernetesObjects, type Resource } from "./object.ts";

/** What of a Pulumi resource says which Kubernetes objects it is. */
export interface PulumiResource {
  /** `kubernetes:apps/v1:Deployment` */
  readonly type: string;
  /** Inputs or outputs; what is not known yet is one of the marks that `Field` knows. */
  readonly props: Readonly<Record<string, unknown>>;
  /** The resource's name in the program, which names the object where its own name is not known. */
  readonly name: string;
  readonly resource: Resource;
}

/**
 * The Kubernetes objects of a resource; none if it is not of the Kubernetes provider. A `…Patch` counts as the kind
 * it patches: what it says about a container must be complete, because what it leaves out is not in sight.
 */
export function objectsOfResource(resource: PulumiResource): KubernetesObject[] {
  const [, groupVersion, typeName] = /^kubernetes:([^:]+):([^:]+)$/.exec(resource.type) ?? [];
  if (groupVersion === undefined || typeName === undefined) return [];
  const group = groupVersion.split("/")[0] ?? "";
  // Custom resources may have any name; those of Kubernetes itself end in Patch only where Pulumi added it.
  const isBuiltIn = !group.includes(".") || group.endsWith(".k8s.io");
  return kubernetesObjects({
    apiVersion: groupVersion.replace(/^core\//, ""),
    kind: isBuiltIn ? typeName.replace(/(?<=.)Patch$/, "") : typeName,
    name: resource.name,
    body: resource.props,
    resource: resource.resource,
  });
}
