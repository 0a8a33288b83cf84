import { catalogue } from "../charts/catalogue.ts";
import { chosenImage } from "../charts/images.ts";
import { primaryOf } from "../data/connection.ts";
import type { PostgresqlStore } from "../model/data-store.ts";
import { type Resources, resourcesSchema } from "../model/quantity.ts";
import type { JobModel } from "../workloads/job.ts";
import type { ResolvedEnvValue } from "../workloads/workload.ts";

/** The store that a Job works on, and where it is. */
export interface StoreContext {
  /** Name of the store. */
  name: string;
  namespace: string;
  /** Value of app.kubernetes.io/instance: what the store is a part of. */
  instance: string;
  store: PostgresqlStore;
  /** Registry that replaces the image's own, path kept. */
  registry?: string | undefined;
  /** Names of existing image pull Secrets. */
  pullSecrets?: string[] | undefined;
}

/** What one Job beside a store does. */
export interface StoreWork {
  /** Name of the Job; the store's comes first. */
  name: string;
  component: "backup" | "rotation";
  script: string;
  env: Record<string, ResolvedEnvValue>;
  /** What makes it another Job when it changes, beside image and script. @default {} */
  content?: Record<string, unknown>;
  volumes?: JobModel["volumes"];
  schedule?: string;
  timeZone?: string;
  /** @default small ones */
  resources?: Resources;
  /** @default 900 */
  timeoutSeconds?: number;
}

/** The user of Bitnami's images. */
const user = 1001;

const small = resourcesSchema.parse({
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "250m", memory: "256Mi" },
});

/** A Job with the client programs of a PostgreSQL store, in the store's own image, which knows where the server is. */
export function storeJob(
  { name, namespace, instance, store, registry, pullSecrets = [] }: StoreContext,
  work: StoreWork,
): JobModel {
  const { host, port } = primaryOf(name, store);
  return {
    name: work.name,
    namespace,
    instance,
    component: work.component,
    labels: {},
    podAnnotations: {},
    image: chosenImage(catalogue.postgresql.images.postgresql, store.image, registry),
    imagePullPolicy: "IfNotPresent",
    command: ["/bin/bash", "-c", work.script],
    args: undefined,
    resources: work.resources ?? small,
    env: { PGHOST: host, PGPORT: String(port), PGDATABASE: store.database, PGCONNECT_TIMEOUT: "10", ...work.env },
    envFrom: [],
    files: {},
    volumes: work.volumes ?? {},
    security: { user, readOnlyRootFilesystem: true },
    terminationGracePeriodSeconds: 30,
    pullSecrets,
    rollout: {},
    schedule: work.schedule,
    timeZone: work.timeZone ?? "Etc/UTC",
    // Scripts wait for the server themselves; what fails three times more within a minute needs a person.
    backoffLimit: 3,
    activeDeadlineSeconds: work.timeoutSeconds ?? 900,
    content: work.content ?? {},
  };
}
