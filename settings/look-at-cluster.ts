import { existsSync } from "node:fs";
import type { ClusterView } from "./cluster-problems.ts";
import type { Resolved } from "./resolve.ts";

/** Milliseconds that a cluster may take to answer; one that does not is looked at by nobody, and the engine says so itself. */
const patience = 5_000;

/**
 * Looks into the stack's cluster before anything is planned. Where it cannot be reached, or does not let us look, nothing is known
 * and nothing is said: previews work without a cluster.
 */
export async function lookAtCluster({
  cluster,
  platform,
}: Pick<Resolved, "cluster" | "platform">): Promise<ClusterView> {
  const nothing = { storageClasses: undefined, namespaceLabels: undefined };
  // Rendering has a kubeconfig of a cluster that there is not.
  if (process.env.KEELSON_OFFLINE || (cluster.kubeconfig && !existsSync(cluster.kubeconfig))) return nothing;
  try {
    // Loaded when it is needed: it takes longer than the whole program otherwise.
    const { CoreV1Api, KubeConfig, StorageV1Api } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    if (cluster.kubeconfig) config.loadFromFile(cluster.kubeconfig);
    else config.loadFromDefault();
    if (cluster.context) config.setCurrentContext(cluster.context);
    const [classes, namespace] = await Promise.all([
      answer(config.makeApiClient(StorageV1Api).listStorageClass()),
      answer(config.makeApiClient(CoreV1Api).readNamespace({ name: platform.namespace })),
    ]);
    return {
      storageClasses: classes?.items.flatMap(({ metadata }) => metadata?.name ?? []),
      namespaceLabels: namespace && (namespace.metadata?.labels ?? {}),
    };
  } catch {
    return nothing;
  }
}

/** What a server answers; undefined where it refuses, has no such object, or does not answer in time. */
async function answer<T>(question: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patience);
  });
  try {
    return await Promise.race([question.catch(() => undefined), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
