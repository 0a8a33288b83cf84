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
  /** The resource that it belongs to, in a Pulumi program. */
  readonly resource?: Resource;
  /** The file that it is written in, where it comes from one. */
  readonly file?: string;
}

/** What a Pulumi program says of a resource beside its inputs. */
export interface Resource {
  readonly urn: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** The URN of its provider. */
  readonly provider?: string;
}

/** Where a Kubernetes object, or a list of them, comes from. */
export interface ObjectSource {
  readonly apiVersion: string;
  readonly kind: string;
  /** What to call it where `metadata.name` is absent or not known yet. */
  readonly name: string;
  readonly body: unknown;
  readonly resource?: Resource;
  readonly file?: string;
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

/** The groups of kinds that people write `apiVersion: v1` for, which is a mistake that `schema-valid` tells. */
const homes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    apps: "DaemonSet Deployment ReplicaSet StatefulSet",
    "apps.openshift.io": "DeploymentConfig",
    autoscaling: "HorizontalPodAutoscaler",
    batch: "CronJob Job",
    "networking.k8s.io": "Ingress IngressClass NetworkPolicy",
    policy: "PodDisruptionBudget",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io": "PriorityClass",
    "storage.k8s.io": "StorageClass",
  }).flatMap(([group, kinds]) => kinds.split(" ").map((kind) => [kind, group] as const)),
);

/**
 * Group and kind of an object, whatever the version: `apps/Deployment`; `/Pod` for the core group. A kind of another
 * group that is said to be of the core group is what its name says, so that the other rules judge it all the same.
 */
export function groupKind(object: KubernetesObject): string {
  const group = groupOf(object);
  return `${group === "" ? (homes.get(object.kind) ?? "") : group}/${object.kind}`;
}

/**
 * The namespace that an object is in: `default` where none is said.
 * @throws NotKnown
 */
export function namespaceOf(object: KubernetesObject): string {
  return object.body.at("metadata", "namespace").string || "default";
}

/** The components of the Kubernetes provider that stand for what they render, and are no objects of a cluster. */
const components = ["helm.sh/Chart", "yaml/ConfigGroup", "yaml/ConfigFile", "kustomize/Directory"];

/** Whether this is no object of a cluster, but a component of Pulumi's that renders some. */
export function isComponent(object: KubernetesObject): boolean {
  return object.resource !== undefined && components.includes(groupKind(object));
}

/**
 * The name of an object: its source's name for it where it has none.
 * @throws NotKnown
 */
export function nameIn(object: KubernetesObject): string {
  return object.body.at("metadata", "name").string ?? object.name;
}

/** The namespaces of what Kubernetes itself runs. */
export const systemNamespaces: readonly string[] = ["kube-system", "kube-public", "kube-node-lease"];
