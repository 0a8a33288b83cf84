import { z } from "zod";
import { envSchema } from "./env.ts";
import { nameSchema } from "./names.ts";
import { secondsSchema, timesSchema } from "./numbers.ts";
import { type Resources, resourcesOverrideSchema, resourcesSchema } from "./quantity.ts";
import { cronSchema, timeZoneSchema } from "./schedule.ts";
import type { Service } from "./service.ts";

const scheduleSchema = cronSchema.describe("When it runs, as cron writes it. Left out: once, before rollouts.");

/**
 * Work that ends. It runs in the image of a service, with that service's environment, files, shared volumes and relations.
 * Without a schedule it is a Job that runs once for each image, and the services of `before` are rolled out after it succeeded;
 * with one it is a CronJob.
 */
export const jobSchema = z.strictObject({
  from: nameSchema.describe(
    "The service that lends image, environment, files, scratch and shared volumes, security, relations and resources. Claims of the service's own stay its own.",
  ),
  command: z.array(z.string()).min(1).optional().describe("Replaces the image's entrypoint."),
  args: z.array(z.string()).min(1).optional().describe("Replaces the image's arguments."),
  env: envSchema.default({}).describe("More variables, or others than the service's."),
  before: z
    .array(nameSchema)
    .default([])
    .describe("Services that are rolled out only after it succeeded. Where it fails, they stay as they are."),
  after: z.array(nameSchema).default([]).describe("Jobs that must have succeeded first."),
  schedule: scheduleSchema.optional(),
  timeZone: timeZoneSchema.default("Etc/UTC").describe("Time zone of the schedule."),
  resources: resourcesSchema.optional().describe("Default: those of the service."),
  backoffLimit: timesSchema.min(0).default(1).describe("How often it is tried again after a failure."),
  activeDeadlineSeconds: secondsSchema
    .min(1)
    .default(600)
    .describe("Seconds that it may take, all attempts together. Then it has failed."),
});
export type Job = z.infer<typeof jobSchema>;

/** What an environment or a stack may change of a job. */
export const jobOverrideSchema = z.strictObject({
  schedule: scheduleSchema.optional(),
  timeZone: timeZoneSchema.optional().describe("Time zone of the schedule."),
  resources: resourcesOverrideSchema.optional(),
  backoffLimit: timesSchema.min(0).optional().describe("How often it is tried again after a failure."),
  activeDeadlineSeconds: secondsSchema.min(1).optional().describe("Seconds that it may take, all attempts together."),
});
export type JobOverride = z.infer<typeof jobOverrideSchema>;

/** What a job takes from its service, and its own on top. */
export interface Borrowed extends Pick<Service, "env" | "envFrom" | "uses" | "egress"> {
  resources: Resources;
}

/** A job with what its service lends. */
export function borrowed({ env, resources }: Job, service: Service): Borrowed {
  const { envFrom, uses, egress } = service;
  return { envFrom, uses, egress, env: { ...service.env, ...env }, resources: resources ?? service.resources };
}

/** Jobs in an order in which each comes after those that it waits for; what waits for itself is left out. */
export function inOrder(jobs: Record<string, Pick<Job, "after">>): string[] {
  const done: string[] = [];
  for (let before = -1; before < done.length; ) {
    before = done.length;
    for (const [name, { after }] of Object.entries(jobs))
      if (!done.includes(name) && after.every((other) => done.includes(other) || !Object.hasOwn(jobs, other)))
        done.push(name);
  }
  return done;
}
