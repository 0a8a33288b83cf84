import { KubeConfig, KubernetesObjectApi, type V1Condition, VersionApi } from "@kubernetes/client-node";
import type { Resolved } from "../../settings/resolve.ts";

/** A live object, as far as the doctor looks into it. */
export interface Live {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    ownerReferences?: { kind: string; name: string }[];
  };
  // biome-ignore lint/suspicious/noExplicitAny: objects of twenty kinds as a server sends them; every reader defends itself.
  [field: string]: any;
}

/** What was found in a cluster. `undefined` in place of a list: the cluster has no such kind, or does not let us look. */
export interface ClusterFacts {
  context: string;
  server: string;
  /** Such as v1.36.1. */
  version: string;
  /** Nodes are simulated: pods run no programs, nothing answers. */
  simulated: boolean;
  nodes?: Live[];
  /** Pods of every namespace. */
  pods?: Live[];
  namespaces?: Live[];
  storageClasses?: Live[];
  ingressClasses?: Live[];
  definitions?: Live[];
  apiServices?: Live[];
  /** Deployments of every namespace. */
  deployments?: Live[];
  /** Of the stack's namespace. */
  own: {
    quotas?: Live[];
    statefulSets?: Live[];
    services?: Live[];
    endpoints?: Live[];
    ingresses?: Live[];
    certificates?: Live[];
    autoscalers?: Live[];
    monitors?: Live[];
    cronJobs?: Live[];
    claims?: Live[];
    events?: Live[];
    jobs?: Live[];
  };
  velero?: { locations?: Live[]; schedules?: Live[] };
}

/** A cluster that cannot be asked: why. */
export interface Unreachable {
  unreachable: string;
}

/** Who answers for a stack's cluster. @throws where the kubeconfig has no such context. */
export function kubeConfigOf(cluster: Resolved["cluster"]): KubeConfig {
  const config = new KubeConfig();
  if (cluster.kubeconfig) config.loadFromFile(cluster.kubeconfig);
  else config.loadFromDefault();
  if (cluster.context) {
    if (!config.getContextObject(cluster.context))
      throw new Error(
        `the kubeconfig has no context "${cluster.context}"; it has ${
          config
            .getContexts()
            .map(({ name }) => name)
            .join(", ") || "none"
        }`,
      );
    config.setCurrentContext(cluster.context);
  }
  return config;
}

/** Asks the cluster everything that the checks look at. */
export async function clusterFacts(
  { cluster, platform }: Pick<Resolved, "cluster" | "platform">,
  progress: (line: string) => void,
): Promise<ClusterFacts | Unreachable> {
  let config: KubeConfig;
  let version: string;
  try {
    config = kubeConfigOf(cluster);
    progress(`Asking the cluster of context ${config.getCurrentContext()}`);
    version = (await within(10_000, config.makeApiClient(VersionApi).getCode())).gitVersion;
  } catch (error) {
    return { unreachable: reason(error) };
  }
  const client = KubernetesObjectApi.makeApiClient(config);
  const list = async (apiVersion: string, kind: string, namespace?: string): Promise<Live[] | undefined> => {
    try {
      const { items } = await within(30_000, client.list(apiVersion, kind, namespace));
      return items as unknown as Live[];
    } catch {
      return undefined;
    }
  };
  const own = (apiVersion: string, kind: string) => list(apiVersion, kind, platform.namespace);
  const nodes = await list("v1", "Node");
  const facts = await gather({
    pods: list("v1", "Pod"),
    namespaces: list("v1", "Namespace"),
    storageClasses: list("storage.k8s.io/v1", "StorageClass"),
    ingressClasses: list("networking.k8s.io/v1", "IngressClass"),
    definitions: list("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    apiServices: list("apiregistration.k8s.io/v1", "APIService"),
    deployments: list("apps/v1", "Deployment"),
  });
  progress(`Looking at namespace ${platform.namespace}`);
  const inside = await gather({
    quotas: own("v1", "ResourceQuota"),
    statefulSets: own("apps/v1", "StatefulSet"),
    services: own("v1", "Service"),
    endpoints: own("discovery.k8s.io/v1", "EndpointSlice"),
    ingresses: own("networking.k8s.io/v1", "Ingress"),
    certificates: own("cert-manager.io/v1", "Certificate"),
    autoscalers: own("autoscaling/v2", "HorizontalPodAutoscaler"),
    monitors: own("monitoring.coreos.com/v1", "ServiceMonitor"),
    cronJobs: own("batch/v1", "CronJob"),
    jobs: own("batch/v1", "Job"),
    claims: own("v1", "PersistentVolumeClaim"),
    events: own("v1", "Event"),
  });
  const { velero } = platform.addons;
  const backups = velero && {
    velero: await gather({
      locations: list("velero.io/v1", "BackupStorageLocation", velero.namespace),
      schedules: list("velero.io/v1", "Schedule", velero.namespace),
    }),
  };
  return {
    context: config.getCurrentContext(),
    server: config.getCurrentCluster()?.server ?? "",
    version,
    simulated:
      (nodes ?? []).length > 0 && (nodes ?? []).every(({ metadata }) => metadata.annotations?.["kwok.x-k8s.io/node"]),
    ...(nodes ? { nodes } : {}),
    ...facts,
    own: inside,
    ...backups,
  };
}

/** Waits for all, and leaves out what the cluster does not have. */
async function gather<K extends string>(
  asked: Record<K, Promise<Live[] | undefined>>,
): Promise<Partial<Record<K, Live[]>>> {
  const found = await Promise.all(
    Object.entries<Promise<Live[] | undefined>>(asked).map(async ([key, value]) => [key, await value] as const),
  );
  return Object.fromEntries(found.filter(([, value]) => value)) as Partial<Record<K, Live[]>>;
}

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1000} seconds`)), milliseconds).unref();
  });
  return Promise.race([work, late]);
}

/** One line about why something failed. */
export function reason(error: unknown): string {
  const { code, message = String(error), cause } = error as { code?: number | string; message?: string; cause?: Error };
  if (typeof code === "number") return `status ${code}`;
  return (cause?.message ?? message).split("\n")[0] ?? "";
}

/** A condition of an object's status. */
export function condition(object: Live, type: string): V1Condition | undefined {
  return (object.status?.conditions as V1Condition[] | undefined)?.find((one) => one.type === type);
}
