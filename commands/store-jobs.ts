import { setTimeout as sleep } from "node:timers/promises";
import { BatchV1Api, CoreV1Api, type V1CronJob, type V1Job, type V1JobSpec } from "@kubernetes/client-node";
import { backupName } from "../components/model/backup.ts";
import { oneOf } from "../components/model/problems.ts";
import type { Resolved } from "../settings/resolve.ts";
import { kubeConfigOf } from "./doctor/facts.ts";

/** Ends a command with one message. */
export class StoreJobError extends Error {}

/** A Job that was run: whether it succeeded, and what it printed, where that can be read. */
export interface JobRun {
  name: string;
  succeeded: boolean;
  log: string | undefined;
  /** Why it failed, in the cluster's words. */
  reason: string;
}

/** What a Job changes of the scheduled one that it is made of. */
export interface JobChange {
  /** What is done, as a part of the name. */
  purpose: "manual" | "list" | "restore";
  script?: string;
  /** Values of variables; a key of a Secret where it is an object. */
  env?: Record<string, string | { secret: string; key: string }>;
  /** Seconds after which the Job is removed; kept by default. */
  keepSeconds?: number;
}

/** The stores of a system with dumps, or the one that is asked for. @throws StoreJobError where there is none. */
export function dumpedStores({ data, title }: Resolved["platform"], wanted: string | undefined): string[] {
  const stores = Object.entries(data).flatMap(([name, store]) =>
    store.engine === "postgresql" && store.backup && !store.existing ? [name] : [],
  );
  if (wanted !== undefined && !stores.includes(wanted))
    throw new StoreJobError(`${title} has no data store "${wanted}" with backups; ${oneOf(wanted, stores)}`);
  if (!stores.length) throw new StoreJobError(`no data store of ${title} has backups; set keelson:data.<store>.backup`);
  return wanted === undefined ? stores : [wanted];
}

/** A Job like a scheduled one, with other work. */
export function jobLike(cronJob: V1CronJob, time: string, change: JobChange): V1Job {
  const name = cronJob.metadata?.name ?? "";
  const spec = structuredClone(cronJob.spec?.jobTemplate.spec) as V1JobSpec;
  const [container] = spec.template.spec?.containers ?? [];
  if (!container) throw new StoreJobError(`CronJob ${name} has no container`);
  if (change.script) container.command = ["/bin/bash", "-c", change.script];
  for (const [variable, value] of Object.entries(change.env ?? {})) {
    container.env = (container.env ?? []).filter((one) => one.name !== variable);
    container.env.push(
      typeof value === "string"
        ? { name: variable, value }
        : { name: variable, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } },
    );
  }
  // What people asked for once is not tried again behind their back.
  spec.backoffLimit = 0;
  if (change.keepSeconds !== undefined) spec.ttlSecondsAfterFinished = change.keepSeconds;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `${name}-${change.purpose}-${time.toLowerCase()}`,
      namespace: cronJob.metadata?.namespace ?? "",
      labels: cronJob.spec?.jobTemplate.metadata?.labels ?? {},
      annotations: { "cronjob.kubernetes.io/instantiate": "manual" },
    },
    spec,
  };
}

/** Now, as dumps are named. */
export function timeStamp(now = new Date()): string {
  return now.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** Runs Jobs beside a stack's stores, made of their scheduled dumps. */
export class StoreJobs {
  readonly #batch: BatchV1Api;
  readonly #core: CoreV1Api;
  readonly #namespace: string;
  readonly #progress: (line: string) => void;

  constructor({ platform, cluster }: Resolved, progress: (line: string) => void) {
    const config = kubeConfigOf(cluster);
    this.#batch = config.makeApiClient(BatchV1Api);
    this.#core = config.makeApiClient(CoreV1Api);
    this.#namespace = platform.namespace;
    this.#progress = progress;
  }

  /** Runs a Job for a store and waits for its end. @throws StoreJobError where the store is not deployed with backups. */
  async run(store: string, time: string, change: JobChange): Promise<JobRun> {
    const place = { name: backupName(store), namespace: this.#namespace };
    const cronJob = await this.#batch
      .readNamespacedCronJob(place)
      .catch((error: { code?: number; message?: string }) => {
        throw new StoreJobError(
          error.code === 404
            ? `there is no CronJob ${place.name} in namespace ${place.namespace}; deploy the stack first`
            : `the cluster cannot be asked: ${error.code ? `status ${error.code}` : error.message}`,
        );
      });
    const body = jobLike(cronJob, time, change);
    const name = body.metadata?.name ?? "";
    await this.#batch.createNamespacedJob({ namespace: this.#namespace, body }).catch((error: { code?: number }) => {
      throw new StoreJobError(`Job ${name} was refused with status ${error.code}`);
    });
    this.#progress(`Job ${this.#namespace}/${name} runs`);
    return this.#end(name, (body.spec?.activeDeadlineSeconds ?? 3600) + 60);
  }

  async #end(name: string, seconds: number): Promise<JobRun> {
    const deadline = performance.now() + seconds * 1000;
    for (let said = ""; performance.now() < deadline; await sleep(1000)) {
      const { status } = await this.#batch.readNamespacedJob({ name, namespace: this.#namespace });
      const ended = status?.conditions?.find(
        ({ type, status: is }) => is === "True" && ["Complete", "Failed"].includes(type),
      );
      if (ended) {
        const log = await this.#log(name);
        return { name, succeeded: ended.type === "Complete", log, reason: ended.message ?? ended.reason ?? "" };
      }
      const waiting = await this.#waiting(name);
      if (waiting && waiting !== said) this.#progress(`  ${waiting}`);
      said = waiting || said;
    }
    return { name, succeeded: false, log: await this.#log(name), reason: `no end within ${seconds} seconds` };
  }

  async #pods(name: string) {
    const { items } = await this.#core.listNamespacedPod({
      namespace: this.#namespace,
      labelSelector: `job-name=${name}`,
    });
    return items;
  }

  /** Why the Job's pod does not run yet. */
  async #waiting(name: string): Promise<string> {
    const [pod] = await this.#pods(name);
    const [container] = pod?.status?.containerStatuses ?? [];
    const unscheduled = pod?.status?.conditions?.find(
      ({ type, status }) => type === "PodScheduled" && status === "False",
    );
    return container?.state?.waiting?.reason ?? unscheduled?.message ?? "";
  }

  /** What the Job printed; undefined where nobody can say, such as where pods are simulated. */
  async #log(name: string): Promise<string | undefined> {
    const [pod] = await this.#pods(name);
    if (!pod?.metadata?.name) return undefined;
    const place = { name: pod.metadata.name, namespace: this.#namespace, tailLines: 100 };
    return this.#core.readNamespacedPodLog(place).catch(() => undefined);
  }
}
