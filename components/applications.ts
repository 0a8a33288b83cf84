import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { PostgreSQL } from "./data/postgresql.ts";
import { type IssuedSecret, resolvedEnv, rolloutMarks, sourcesOf } from "./environment.ts";
import { jobModel } from "./jobs.ts";
import { checkedFrom } from "./model/blue-green.ts";
import { fromRegistry } from "./model/image.ts";
import { inOrder } from "./model/job.ts";
import type { Service } from "./model/service.ts";
import type { PlatformModel } from "./model/system.ts";
import { sharedVolumesOf } from "./model/volume-checks.ts";
import { RetiredLogins } from "./operations/postgresql-rotation.ts";
import { ApplicationJob } from "./workloads/application-job.ts";
import { ApplicationService } from "./workloads/application-service.ts";
import { sharedClaim } from "./workloads/volumes.ts";

/** What a platform's services and jobs are made in. */
export interface Surroundings {
  /** Name of the platform; names of resources begin with it. */
  name: string;
  parent: pulumi.Resource;
  model: PlatformModel;
  secrets: Record<string, IssuedSecret>;
  namespace: pulumi.Resource;
  policies: pulumi.Resource;
  /** The data stores, secrets and configs that an environment may come from, by name. */
  read: Record<string, pulumi.Resource>;
}

/** Shared volumes, then jobs, then services: each after what it needs, and no service before the jobs that it waits for. */
export function makeApplications(here: Surroundings): void {
  const disks = makeVolumes(here);
  const needs = ({ env, envFrom, uses, volumes }: Service): pulumi.Resource[] => [
    here.policies,
    ...[...new Set([...uses, ...sourcesOf({ env, envFrom })])].flatMap((name) => here.read[name] ?? []),
    ...sharedVolumesOf({ volumes }).flatMap((name) => disks[name] ?? []),
  ];
  const services = makeServices(here, needs, makeJobs(here, needs));
  // Logins before the last rotation go when every service has the new one.
  for (const [name, { rotation, existing }] of Object.entries(here.model.data)) {
    const store = here.read[name];
    if (store instanceof PostgreSQL && rotation && !existing)
      new RetiredLogins(`${here.name}-${name}`, { store }, { parent: here.parent, dependsOn: services });
  }
}

type Needs = (service: Service) => pulumi.Resource[];

function makeVolumes({ name, parent, model, namespace }: Surroundings): Record<string, pulumi.Resource> {
  return Object.fromEntries(
    Object.entries(model.volumes).map(([volume, claim]) => [
      volume,
      new k8s.core.v1.PersistentVolumeClaim(
        `${name}-${volume}`,
        sharedClaim(volume, model.namespace, model.name, claim),
        { parent, dependsOn: [namespace], protect: model.protect },
      ),
    ]),
  );
}

function makeJobs({ name, parent, model, secrets }: Surroundings, needs: Needs): Record<string, pulumi.Resource> {
  const made: Record<string, pulumi.Resource> = {};
  for (const one of inOrder(model.jobs)) {
    const job = model.jobs[one];
    const service = job && model.services[job.from];
    if (!job || !service) continue;
    const first = job.after.flatMap((other) => made[other] ?? []);
    made[one] = new ApplicationJob(
      `${name}-${one}`,
      { job: jobModel(one, job, service, model, secrets), waiting: job.before },
      { parent, dependsOn: [...needs({ ...service, env: { ...service.env, ...job.env } }), ...first] },
    );
  }
  return made;
}

function makeServices(
  { name, parent, model, secrets }: Surroundings,
  needs: Needs,
  jobs: Record<string, pulumi.Resource>,
): pulumi.Resource[] {
  return Object.entries(model.services).map(([one, service]) => {
    const { env, uses: _uses, egress: _egress, ...rest } = service;
    const first = Object.entries(model.jobs).filter(([, { before }]) => before.includes(one));
    return new ApplicationService(
      `${name}-${one}`,
      {
        ...rest,
        name: one,
        namespace: model.namespace,
        instance: model.name,
        image: fromRegistry(service.image, model.registry),
        ...(service.blueGreen ? { blueGreen: checkedFrom(service.blueGreen, model.registry) } : {}),
        ...(model.releases[one] ? { release: model.releases[one] } : {}),
        env: resolvedEnv(env, model),
        pullSecrets: model.pullSecrets,
        rollout: rolloutMarks({ env, envFrom: service.envFrom }, model, secrets),
      },
      {
        parent,
        protect: model.protect,
        dependsOn: [...needs(service), ...first.flatMap(([job]) => jobs[job] ?? [])],
      },
    );
  });
}
