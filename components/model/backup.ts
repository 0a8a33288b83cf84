import { z } from "zod";
import { nameSchema } from "./names.ts";
import { daysSchema, secondsSchema, timesSchema } from "./numbers.ts";
import { bytesSchema, resourcesWithDefault } from "./quantity.ts";
import { cronSchema, timeZoneSchema } from "./schedule.ts";

const partialStorage = z.strictObject({
  size: bytesSchema.optional(),
  class: nameSchema.optional().describe("StorageClass."),
});

/** Dumps of a PostgreSQL database by a schedule, on a claim of their own. */
export const backupSchema = z.strictObject({
  schedule: cronSchema.default("0 3 * * *").describe("When a dump is made. Default: at three every night."),
  timeZone: timeZoneSchema.default("Etc/UTC").describe("Time zone of the schedule."),
  retention: z
    .strictObject({
      days: daysSchema.min(1).default(14).describe("Days that a dump is kept."),
      count: timesSchema.min(1).default(7).describe("Newest dumps that are kept however old they are."),
    })
    .prefault({})
    .describe("A dump is deleted when it is older than so many days and not among the newest."),
  storage: partialStorage
    .prefault({})
    .describe("Disk of the dumps. Default: the size and class of the database's own disk."),
  resources: resourcesWithDefault({
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "1000m", memory: "512Mi" },
  }).describe("Requests and limits of the dump."),
  timeoutSeconds: secondsSchema.min(60).default(3600).describe("Seconds that a dump or a restore may take."),
});
export type Backup = z.infer<typeof backupSchema>;

/** What an environment or a stack may change of the dumps, or false for none. */
export const backupOverrideSchema = z
  .union([
    z.literal(false),
    z.strictObject({
      schedule: cronSchema.optional(),
      timeZone: timeZoneSchema.optional(),
      retention: z
        .strictObject({ days: daysSchema.min(1).optional(), count: timesSchema.min(1).optional() })
        .optional()
        .describe("How long dumps are kept."),
      storage: partialStorage.optional().describe("Disk of the dumps."),
      timeoutSeconds: secondsSchema.min(60).optional().describe("Seconds that a dump or a restore may take."),
    }),
  ])
  .optional()
  .describe("PostgreSQL: dumps by a schedule, or false for none.");

/** Name of the claim, the CronJob and the Jobs with a store's dumps. */
export function backupName(store: string): string {
  return `${store}-backup`;
}
