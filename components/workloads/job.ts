import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checksum } from "../checksum.ts";
import { imageReference } from "../model/image.ts";
import type { Job } from "../model/job.ts";
import { standardLabels } from "../model/names.ts";
import { bareContainer } from "./container.ts";
import { podBasics } from "./pods.ts";
import { podVolumes } from "./volumes.ts";
import type { PodModel } from "./workload.ts";

/** One job with everything that its objects are made of. */
export interface JobModel
  extends Omit<PodModel, "namespace">,
    Pick<Job, "schedule" | "timeZone" | "backoffLimit" | "activeDeadlineSeconds"> {
  namespace: string;
  /** What else it is another job for when it changes, beside image, command and arguments: what it works on. */
  content: Record<string, unknown>;
}

type Metadata = { name: string; namespace: string; labels: Record<string, string> };

/** Metadata of an object of a job; `suffix` tells objects of one kind apart. */
export function jobMetadata({ name, namespace, instance, component }: JobModel, suffix = ""): Metadata {
  return { name: `${name}${suffix}`, namespace, labels: standardLabels(name, instance, { component }) };
}

/** What makes a job another one: its image, what it runs, and on what. Anything else may change without it running again. */
export function jobChecksum({ image, command = [], args = [], content }: JobModel): string {
  return checksum({ image: imageReference(image), command, args, content });
}

/** A Job that runs once. Its name tells what it runs, so that a changed one is another Job and an unchanged one stays as it is. */
export function oneOffJob(job: JobModel): {
  metadata: Metadata & { annotations: Record<string, string> };
  spec: k8s.types.input.batch.v1.JobSpec;
} {
  return {
    metadata: {
      ...jobMetadata(job, `-${jobChecksum(job)}`),
      // One that failed is made anew by the next update; all others run once.
      annotations: { "pulumi.com/replaceUnready": "true" },
    },
    spec: jobSpec(job),
  };
}

/** The same by a schedule. A run that is late by five minutes is left out, and no run begins beside another. */
export function cronJob(
  job: JobModel,
  schedule: string,
): { metadata: Metadata; spec: k8s.types.input.batch.v1.CronJobSpec } {
  return {
    metadata: jobMetadata(job),
    spec: {
      schedule,
      timeZone: job.timeZone,
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: { metadata: { labels: jobMetadata(job).labels }, spec: jobSpec(job) },
    },
  };
}

function jobSpec(job: JobModel): k8s.types.input.batch.v1.JobSpec {
  const volumes = podVolumes(job);
  return {
    backoffLimit: job.backoffLimit,
    activeDeadlineSeconds: job.activeDeadlineSeconds,
    // A pod that its node gave up says nothing about the work.
    podFailurePolicy: {
      rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
    },
    template: {
      metadata: { labels: jobMetadata(job).labels },
      spec: {
        ...podBasics(job),
        // Pods that failed stay with their logs; the Job makes new ones.
        restartPolicy: "Never",
        // The end of the log is the reason that a failure gives.
        containers: [{ ...bareContainer(job), terminationMessagePolicy: "FallbackToLogsOnError" }],
        ...(volumes.length ? { volumes } : {}),
      },
    },
  };
}

/**
 * Says for people what a failed Job means, beside the provider's own words. Never tries again: the Job has done so itself. The
 * engine knows hooks by name alone, so the name says whose it is.
 */
export function failureNotice(name: string, job: JobModel, waiting: readonly string[]): pulumi.ErrorHook {
  return new pulumi.ErrorHook(`keelson:workloads:ApplicationJob:${name}-failed`, async ({ failedOperation }) => {
    if (failedOperation !== "delete") await pulumi.log.error(failureMessage(job, waiting));
    return false;
  });
}

/** What a failed Job means, and what to do. */
export function failureMessage(job: JobModel, waiting: readonly string[]): string {
  const { name, namespace } = oneOffJob(job).metadata;
  return [
    `Job ${namespace}/${name} did not succeed. See what it said: kubectl logs --namespace ${namespace} job/${name}`,
    ...(waiting.length
      ? [`Not rolled out, because they wait for it: ${waiting.join(", ")}; what runs of them stays as it is.`]
      : []),
    "When the cause is mended, the next update runs it again.",
  ].join("\n");
}
