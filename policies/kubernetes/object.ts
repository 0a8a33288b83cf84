import { Field } from "./field.ts";

/** A Kubernetes object to judge, wherever it comes from: a Pulumi program, a chart's rendering, a YAML file. */
export interface KubernetesObject {
  /** Group and version as in a manifest: `apps/v1`; `v1` for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
  /** `metadata.name`, or what its source calls it where that is not known. */
  readonly name: string;
  /** `metadata.namespace`, if it is set and known. */
  readonly namespace: string | undefined;
  readonly body: Field;
  /** The resource that it belongs to, and that resource's parent, in a Pulumi program. */
  readonly urn?: string;
  readonly parent?: string;
}

/** Where a Kubernetes object, or a list of them, comes from. */
export interface ObjectSource {
  readonly apiVersion: string;
  readonly kind: string;
  /** What to call it where `metadata.name` is absent or not known yet. */
  readonly name: string;
  readonly body: unknown;
  readonly urn?: string;
  readonly parent?: string;
}

/** The objects of a source: itself, or the items of a list (`DeploymentList`, `List`), each of which is judged alone. */
export function kubernetesObjects(source: ObjectSource): KubernetesObject[] {
  return expand(source, Field.root(source.body));
}

function expand(source: ObjectSource, body: Field): KubernetesObject[] {
  const items = body.at("items");
  if (source.kind.endsWith("List") && items.present !== false) {
    return items.items().flatMap((item, index) =>
      expand(
        {
          ...source,
          apiVersion: item.at("apiVersion").text ?? source.apiVersion,
          kind: item.at("kind").text ?? source.kind.slice(0, -"List".length),
          name: `${source.name}[${index}]`,
        },
        item,
      ),
    );
  }
  const { body: _, ...known } = source;
  return [
    {
      ...known,
      name: body.at("metadata", "name").text ?? source.name,
      namespace: body.at("metadata", "namespace").text,
      body,
    },
  ];
}

/** The API group of an object; empty for the core group. */
export function groupOf(object: KubernetesObject): string {
  const slash = object.apiVersion.indexOf("/");
  return slash < 0 ? "" : object.apiVersion.slice(0, slash);
}
