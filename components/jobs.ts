import { type IssuedSecret, resolvedEnv, rolloutMarks } from "./environment.ts";
import { dataStoreEndpoints } from "./model/data-store.ts";
import { fromRegistry } from "./model/image.ts";
import { borrowed, type Job } from "./model/job.ts";
import { newestImage } from "./model/release.ts";
import type { Service } from "./model/service.ts";
import type { PlatformModel } from "./model/system.ts";
import type { JobModel } from "./workloads/job.ts";

/** A platform's job with everything looked up that it names. */
export function jobModel(
  name: string,
  job: Job,
  service: Service,
  model: PlatformModel,
  secrets: Record<string, IssuedSecret>,
): JobModel {
  const { env, envFrom, uses, resources } = borrowed(job, service);
  return {
    name,
    namespace: model.namespace,
    instance: model.name,
    component: "job",
    labels: {},
    podAnnotations: {},
    image: fromRegistry(newestImage(service, model.releases[job.from]), model.registry),
    imagePullPolicy: service.imagePullPolicy,
    command: job.command,
    args: job.args,
    resources,
    env: resolvedEnv(env, model),
    envFrom,
    files: service.files,
    // A claim of the service's own may be held by its pods alone.
    volumes: Object.fromEntries(Object.entries(service.volumes).filter(([, volume]) => !("size" in volume))),
    security: service.security,
    terminationGracePeriodSeconds: service.terminationGracePeriodSeconds,
    pullSecrets: model.pullSecrets,
    rollout: rolloutMarks({ env, envFrom }, model, secrets),
    schedule: job.schedule,
    timeZone: job.timeZone,
    backoffLimit: job.backoffLimit,
    activeDeadlineSeconds: job.activeDeadlineSeconds,
    content: { env: job.env, data: worksOn(uses, model) },
  };
}

/** The data stores that a job works on, by what makes one another: a new database needs its migrations again. */
function worksOn(uses: string[], { data }: PlatformModel): Record<string, unknown> {
  const stores = uses.flatMap((name) => {
    const store = data[name];
    if (!store) return [];
    const [primary] = dataStoreEndpoints(name, store);
    return [[name, [primary?.host, primary?.port, store.engine === "postgresql" ? store.database : ""]] as const];
  });
  return Object.fromEntries(stores);
}
