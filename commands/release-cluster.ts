import { AppsV1Api, CoreV1Api, KubeConfig, type V1Pod } from "@kubernetes/client-node";
import type { Color } from "../components/model/blue-green.ts";
import { selectorLabels, smokeName } from "../components/model/names.ts";
import { serviceHost } from "../components/model/service.ts";
import type { Resolved } from "../settings/resolve.ts";

/** Pods of one colour, as the cluster has them. */
export interface LiveColor {
  wanted: number;
  /** Those of the newest version that are ready. */
  ready: number;
  /** Those of any version that are ready. */
  serving: number;
}

/** What a release looks at in the cluster; it changes nothing there. */
export class ReleaseCluster {
  readonly #apps: AppsV1Api;
  readonly #core: CoreV1Api;
  readonly #namespace: string;
  readonly #service: string;
  readonly #host: string;
  readonly #instance: string;

  constructor({ platform, cluster }: Resolved, service: string) {
    const config = new KubeConfig();
    if (cluster.kubeconfig) config.loadFromFile(cluster.kubeconfig);
    else config.loadFromDefault();
    if (cluster.context) config.setCurrentContext(cluster.context);
    this.#apps = config.makeApiClient(AppsV1Api);
    this.#core = config.makeApiClient(CoreV1Api);
    this.#namespace = platform.namespace;
    this.#service = service;
    this.#host = serviceHost(service, platform.services[service] ?? {});
    this.#instance = platform.name;
  }

  /** The colour that the Service sends its traffic to; undefined where there is no Service with a colour. */
  async traffic(): Promise<string | undefined> {
    const found = await existing(this.#core.readNamespacedService({ name: this.#host, namespace: this.#namespace }));
    return found?.spec?.selector?.color;
  }

  /** The pods of a colour; undefined where it is not deployed. */
  async pods(color: Color): Promise<LiveColor | undefined> {
    const name = `${this.#service}-${color}`;
    const found = await existing(this.#apps.readNamespacedDeployment({ name, namespace: this.#namespace }));
    if (!found) return undefined;
    const { observedGeneration = 0, updatedReplicas = 0, readyReplicas = 0 } = found.status ?? {};
    const seen = observedGeneration >= (found.metadata?.generation ?? 0);
    return {
      wanted: found.spec?.replicas ?? 1,
      ready: seen ? Math.min(updatedReplicas, readyReplicas) : 0,
      serving: readyReplicas,
    };
  }

  /** Why pods of a colour, or of its check, are not well: reasons as the kubelet gives them, each once. */
  async troubles(color: Color): Promise<string[]> {
    const names = [this.#service, smokeName(this.#service)];
    const lists = await Promise.all(
      names.map((name) => {
        const labels = { ...selectorLabels(name, this.#instance), color };
        const labelSelector = Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(",");
        return this.#core.listNamespacedPod({ namespace: this.#namespace, labelSelector });
      }),
    );
    return [...new Set(lists.flatMap(({ items }) => items.flatMap(podTroubles)))].slice(0, 5);
  }
}

function podTroubles({ metadata, status }: V1Pod): string[] {
  const pending = (status?.conditions ?? [])
    .filter(({ type, status }) => type === "PodScheduled" && status === "False")
    .map(({ reason, message }) => said(reason, message));
  const containers = (status?.containerStatuses ?? []).flatMap(({ state }) => {
    if (state?.waiting?.reason && state.waiting.reason !== "ContainerCreating")
      return [said(state.waiting.reason, state.waiting.message)];
    if (state?.terminated?.exitCode)
      return [said(`exit status ${state.terminated.exitCode}`, state.terminated.message)];
    return [];
  });
  const name = metadata?.labels?.["app.kubernetes.io/name"];
  return [...pending, ...containers].map((text) => `${name}: ${text}`);
}

function said(reason: string | undefined, message: string | undefined): string {
  return [reason, message?.trim()].filter(Boolean).join(": ");
}

/** The answer, or undefined where there is no such object. */
function existing<T>(request: Promise<T>): Promise<T | undefined> {
  return request.catch((error: { code?: number }) => {
    if (error.code === 404) return undefined;
    throw error;
  });
}
