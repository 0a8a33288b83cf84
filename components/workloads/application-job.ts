import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { cronJob, failureNotice, type JobModel, jobChecksum, jobMetadata, oneOffJob } from "./job.ts";
import { configMapName, fileData } from "./volumes.ts";

export interface ApplicationJobArgs {
  /** The job with everything decided. */
  job: JobModel;
  /** Names of the services that wait for it, for the message where it fails. @default [] */
  waiting?: string[];
}

/** Work that ends: a Job that runs once for each content and is awaited, or a CronJob, with ServiceAccount and files of its own. */
export class ApplicationJob extends pulumi.ComponentResource {
  /** Known when the Job that runs once has succeeded; for a CronJob, when it is there. */
  readonly done: pulumi.Output<string>;

  constructor(name: string, { job, waiting = [] }: ApplicationJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:workloads:ApplicationJob", name, {}, opts);
    const child = { parent: this };
    const dependsOn: pulumi.Resource[] = [
      new k8s.core.v1.ServiceAccount(
        `${name}-account`,
        { metadata: jobMetadata(job), automountServiceAccountToken: false },
        child,
      ),
    ];
    if (Object.keys(job.files).length) {
      const metadata = { ...jobMetadata(job), name: configMapName(job) };
      dependsOn.push(new k8s.core.v1.ConfigMap(`${name}-files`, { metadata, data: fileData(job) }, child));
    }
    if (job.schedule) {
      this.done = new k8s.batch.v1.CronJob(`${name}-cronjob`, cronJob(job, job.schedule), { ...child, dependsOn }).id;
    } else {
      // Time for the Job to say itself that its time is over.
      const timeout = `${job.activeDeadlineSeconds + 60}s`;
      const made = new k8s.batch.v1.Job(`${name}-${jobChecksum(job)}`, oneOffJob(job), {
        ...child,
        dependsOn,
        customTimeouts: { create: timeout, update: timeout },
        // What does not make it another job does not make it run again; one that is made anew gets all as it is now.
        ignoreChanges: ["metadata.labels", "spec"],
        hooks: { onError: [failureNotice(name, job, waiting)] },
      });
      this.done = made.id;
    }
    this.registerOutputs();
  }
}
