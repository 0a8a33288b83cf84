import { execa } from "execa";
import { parseAllDocuments } from "yaml";

/** Anything that YAML and JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
/** A Kubernetes object as a chart renders it. */
export type Rendered = { [key: string]: Json };

/** How a chart is rendered: the values that a component gives it in one of its uses. */
export interface ContractCase {
  release: string;
  namespace: string;
  values: Rendered;
}

/** What a chart promises for one case. */
export interface ContractPart extends ContractCase {
  /** Every rendered object, reduced to what others rely on, in order of kind and name. */
  objects: Json[];
  /** Each path of the values, and whether anything rendered changes when it is left out. */
  effects: Record<string, boolean>;
}

/** What a chart promises: made of the real chart, kept by its stand-in. */
export interface Contract {
  chart: string;
  version: string;
  cases: Record<string, ContractPart>;
}

/** Renders a chart without a cluster. Hooks are left out, as helm.v4.Chart does. */
export async function renderChart(
  helm: string,
  folder: string,
  { release, namespace, values }: ContractCase,
): Promise<Rendered[]> {
  const args = [
    "template",
    release,
    folder,
    "--namespace",
    namespace,
    "--kube-version",
    "1.36.1",
    "--include-crds",
    "--values",
    "-",
  ];
  const { stdout } = await execa(helm, args, { input: JSON.stringify(values) });
  return parseAllDocuments(stdout, { version: "1.1" })
    .map((document) => document.toJS() as Rendered | null)
    .filter(
      (object): object is Rendered =>
        object !== null && typeof object === "object" && !("helm.sh/hook" in annotations(object)) && !isContent(object),
    );
}

/** Dashboards and rules that a chart brings along: nothing of ours relies on them, and there are many. */
function isContent({ kind, metadata }: Rendered): boolean {
  return kind === "PrometheusRule" || "grafana_dashboard" in (((metadata as Rendered).labels as Rendered | null) ?? {});
}

/** The promise of a chart for one case. */
export async function contractPart(helm: string, folder: string, use: ContractCase): Promise<ContractPart> {
  const rendered = await renderChart(helm, folder, use);
  const effects: Record<string, boolean> = {};
  for (const path of valuePaths(use.values)) {
    // Some charts refuse to render without a value: that is an effect too.
    const without = await renderChart(helm, folder, { ...use, values: withoutPath(use.values, path) }).catch(() => []);
    effects[path.join(".")] = JSON.stringify(without) !== JSON.stringify(rendered);
  }
  return { ...use, objects: reduceObjects(rendered), effects };
}

/** The paths of all values that are no objects, lists included as one value. */
export function valuePaths(values: Json, prefix: string[] = []): string[][] {
  if (typeof values !== "object" || values === null || Array.isArray(values) || !Object.keys(values).length)
    return [prefix];
  return Object.entries(values).flatMap(([key, value]) => valuePaths(value, [...prefix, key]));
}

/** The same values without one path. */
export function withoutPath(values: Rendered, [key, ...rest]: string[]): Rendered {
  const { [key ?? ""]: value, ...others } = values;
  return rest.length && value !== undefined ? { ...others, [key ?? ""]: withoutPath(value as Rendered, rest) } : others;
}

/** The rendered objects reduced to what others rely on, in order of kind and name. */
export function reduceObjects(objects: Rendered[]): Json[] {
  return objects.map(reduceObject).sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey(object: Rendered): string {
  return `${object.kind}/${object.name}`;
}

function reduceObject(object: Rendered): Rendered {
  const metadata = (object.metadata ?? {}) as Rendered;
  const namespace = metadata.namespace;
  return {
    apiVersion: object.apiVersion ?? null,
    kind: object.kind ?? null,
    name: metadata.name ?? null,
    ...(namespace ? { namespace } : {}),
    labels: metadata.labels ?? {},
    ...(policy(object) ? { resourcePolicy: policy(object) as Json } : {}),
    ...details(object),
  };
}

function policy(object: Rendered): Json | undefined {
  return annotations(object)["helm.sh/resource-policy"];
}

function annotations(object: Rendered): Rendered {
  const metadata = object.metadata as Rendered | undefined;
  return (metadata?.annotations as Rendered | null) ?? {};
}

/** What others rely on, by kind. Content of ConfigMaps, rules of roles and commands of containers are the chart's own affair. */
function details(object: Rendered): Rendered {
  const spec = (object.spec ?? {}) as Rendered;
  switch (object.kind) {
    case "Deployment":
    case "DaemonSet":
    case "StatefulSet":
      return {
        ...pick(spec, [
          "replicas",
          "selector",
          "serviceName",
          "persistentVolumeClaimRetentionPolicy",
          "volumeClaimTemplates",
        ]),
        pod: reducePod(spec.template as Rendered),
      };
    case "Service":
      return pick(spec, ["type", "clusterIP", "publishNotReadyAddresses", "ports", "selector"]);
    case "PodDisruptionBudget":
    case "HorizontalPodAutoscaler":
    case "IngressClass":
    case "Issuer":
    case "Certificate":
    case "BackupStorageLocation":
    case "VolumeSnapshotLocation":
      return { spec: compact(spec) };
    case "Prometheus":
    case "Alertmanager":
      return pick(spec, [
        ...["image", "replicas", "retention", "retentionSize", "resources", "storage", "securityContext", "portName"],
        ...["serviceAccountName", "imagePullSecrets", "serviceMonitorSelector", "podMonitorSelector", "probeSelector"],
        ...["ruleSelector", "scrapeConfigSelector", "alertmanagerConfigSelector"],
      ]);
    case "ServiceMonitor":
      return {
        ...pick(spec, ["selector", "namespaceSelector", "jobLabel"]),
        endpoints: (spec.endpoints as Rendered[]).map((endpoint) => pick(endpoint, ["port", "path", "honorLabels"])),
      };
    case "CustomResourceDefinition":
      return {
        ...pick(spec, ["group", "names", "scope"]),
        versions: (spec.versions as Rendered[]).map((version) => pick(version, ["name", "served", "storage"])),
      };
    case "MutatingWebhookConfiguration":
    case "ValidatingWebhookConfiguration":
      return {
        webhooks: (object.webhooks as Rendered[]).map((webhook) =>
          pick(webhook, ["name", "rules", "failurePolicy", "clientConfig"]),
        ),
      };
    case "ClusterRoleBinding":
    case "RoleBinding":
      return pick(object, ["roleRef", "subjects"]);
    case "ServiceAccount":
      return pick(object, ["automountServiceAccountToken", "imagePullSecrets"]);
    case "ConfigMap":
      return { keys: Object.keys((object.data as Rendered | undefined) ?? {}).sort() };
    default:
      return {};
  }
}

function reducePod(template: Rendered): Rendered {
  const metadata = (template.metadata ?? {}) as Rendered;
  const spec = (template.spec ?? {}) as Rendered;
  const own = Object.entries((metadata.annotations as Rendered | null) ?? {}).filter(
    ([key]) => !key.startsWith("checksum/"),
  );
  return {
    labels: metadata.labels ?? {},
    ...(own.length ? { annotations: Object.fromEntries(own) } : {}),
    ...pick(spec, [
      "serviceAccountName",
      "automountServiceAccountToken",
      "imagePullSecrets",
      "securityContext",
      "topologySpreadConstraints",
      "hostNetwork",
      "hostPID",
    ]),
    secrets: ((spec.volumes as Rendered[] | undefined) ?? []).flatMap(
      ({ secret }) => ((secret as Rendered | undefined)?.secretName as Json | undefined) ?? [],
    ),
    initContainers: ((spec.initContainers as Rendered[] | undefined) ?? []).map(reduceContainer),
    containers: ((spec.containers as Rendered[] | undefined) ?? []).map(reduceContainer),
  };
}

function reduceContainer(container: Rendered): Rendered {
  const probes = ["livenessProbe", "readinessProbe", "startupProbe"].filter((name) => name in container);
  return { ...pick(container, ["name", "image", "ports", "resources", "securityContext", "lifecycle"]), probes };
}

function pick(object: Rendered, keys: string[]): Rendered {
  return compact(
    Object.fromEntries(keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]]))) as Rendered,
  );
}

/** Without what a server drops: nulls, empty texts, lists and objects. */
function compact<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map(compact) as T;
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([, inner]) => inner !== null && inner !== "" && !(typeof inner === "object" && !Object.keys(inner).length),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, compact(inner)])) as T;
}
