import type * as pulumi from "@pulumi/pulumi";

/** A Kubernetes object as a chart renders it. */
export interface RenderedObject {
  metadata?: { name?: string; annotations?: Record<string, string>; [key: string]: unknown };
  [key: string]: unknown;
}

/** Changes one rendered object, or leaves it as it is by returning the same one. Pure. */
export type ObjectChange = (type: string, object: RenderedObject) => RenderedObject;

/** A resource transform that changes a chart's objects and leaves the chart itself and all options alone. */
export function changeObjects(change: ObjectChange): pulumi.ResourceTransform {
  return ({ type, props, opts }) => ({ props: change(type, props), opts });
}

/** The same object with an annotation more. */
export function annotate(object: RenderedObject, key: string, value: string): RenderedObject {
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata?.annotations, [key]: value } },
  };
}

/**
 * Services are not waited for: their pods are, by the workload behind them, and Pulumi's own wait for endpoints takes ten
 * seconds a Service on top. A LoadBalancer is, since its address is an output.
 */
export const skipServiceAwait: ObjectChange = (type, object) => {
  if (type !== "kubernetes:core/v1:Service") return object;
  const spec = object.spec as { type?: string } | undefined;
  return spec?.type === "LoadBalancer" ? object : annotate(object, "pulumi.com/skipAwait", "true");
};

/**
 * Subjects of role bindings without an empty `apiGroup`: charts write it, the API server drops it, and every refresh would
 * report the difference.
 */
export const dropEmptyApiGroups: ObjectChange = (type, object) => {
  const subjects = object.subjects;
  if (!type.startsWith("kubernetes:rbac.authorization.k8s.io/v1:") || !Array.isArray(subjects)) return object;
  return {
    ...object,
    subjects: subjects.map(({ apiGroup, ...subject }: Record<string, unknown>) =>
      apiGroup ? { apiGroup, ...subject } : subject,
    ),
  };
};

/**
 * CRDs without the texts that only `kubectl explain` shows. They are most of a large definition, and each update writes every
 * definition into the state twice.
 */
export const dropSchemaDescriptions: ObjectChange = (type, object) =>
  type === "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
    ? { ...object, spec: withoutDescriptions(object.spec, false) }
    : object;

function withoutDescriptions(value: unknown, names: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutDescriptions(item, false));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) => names || key !== "description" || typeof inner !== "string",
  );
  // Under `properties`, a key is the name of a field, and a field may be called "description".
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, withoutDescriptions(inner, key === "properties" && !names)]),
  );
}

/** Protects a chart's StatefulSets, which hold the data, and nothing else of it: a whole protected chart could not be renamed. */
export const protectStatefulSets: pulumi.ResourceTransform = ({ type, props, opts }) =>
  type === "kubernetes:apps/v1:StatefulSet" ? { props, opts: { ...opts, protect: true } } : undefined;

/** Gives the objects of some types a hook, such as a retry. */
export function hookObjects(types: string[], hooks: pulumi.ResourceHookBinding): pulumi.ResourceTransform {
  return ({ type, props, opts }) => (types.includes(type) ? { props, opts: { ...opts, hooks } } : undefined);
}
