import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig, Watch } from "@kubernetes/client-node";

interface EndpointSlice {
  metadata: { name: string };
  endpoints?: { conditions?: { ready?: boolean } }[] | null;
}

/** Watches how many ready pods stand behind a Service. */
export class ReadyEndpoints {
  /** The numbers that were seen, in order, each time one changed. */
  readonly seen: number[] = [];
  readonly #slices = new Map<string, number>();
  #request: AbortController | undefined;

  static async of(kubeconfig: string, namespace: string, service: string): Promise<ReadyEndpoints> {
    const watcher = new ReadyEndpoints();
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    watcher.#request = await new Watch(config).watch(
      `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
      { labelSelector: `kubernetes.io/service-name=${service}` },
      (phase, slice: EndpointSlice) => watcher.#see(phase, slice),
      () => undefined,
    );
    return watcher;
  }

  /** Waits until so many are ready, and forgets what was before: a Service hears of its pods a moment after they are ready. */
  async reach(ready: number): Promise<void> {
    while (this.seen.at(-1) !== ready) await sleep(100);
    this.seen.splice(0, this.seen.length - 1);
  }

  /** The fewest that were ready at any time. */
  get fewest(): number {
    return Math.min(...this.seen);
  }

  stop(): void {
    this.#request?.abort();
  }

  #see(phase: string, { metadata, endpoints }: EndpointSlice): void {
    if (phase === "DELETED") this.#slices.delete(metadata.name);
    else this.#slices.set(metadata.name, (endpoints ?? []).filter(({ conditions }) => conditions?.ready).length);
    this.seen.push([...this.#slices.values()].reduce((sum, ready) => sum + ready, 0));
  }
}
