import { z } from "zod";
import { nameSchema, urlSchema } from "./names.ts";
import { daysSchema } from "./numbers.ts";
import { cronSchema } from "./schedule.ts";

const ownership = z.enum(["own", "present"]);

/** Velero: backups of a namespace's objects and volumes in object storage. Exists once per cluster. */
export const veleroSchema = z.strictObject({
  ownership: ownership
    .default("own")
    .describe(
      "own: this stack installs it, and removes it when it is destroyed. present: another stack does, and this one adds a schedule for its namespace.",
    ),
  namespace: nameSchema.default("velero"),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
      error: "must be a bucket's name (3 to 63 letters, digits, '.', '-')",
    })
    .describe("Bucket that exists and is for this cluster alone."),
  region: z.string().min(1).describe("Region of the bucket and of the volumes' snapshots, such as eu-central-1."),
  prefix: z.string().min(1).optional().describe("Folder in the bucket. Default: none."),
  endpoint: urlSchema
    .optional()
    .describe("Address of a storage that speaks S3 and is not AWS's. Volumes are not snapshotted there. Default: AWS."),
  schedule: cronSchema
    .default("0 2 * * *")
    .describe("When the namespace is backed up, in UTC. Default: at two every night."),
  retentionDays: daysSchema.min(1).default(30).describe("Days after which a backup is deleted."),
});
export type VeleroAddon = z.infer<typeof veleroSchema>;

/** The issued secret with the credentials file that Velero's AWS plugin reads (`[default]`, `aws_access_key_id`, `aws_secret_access_key`). */
export const veleroCredentials = "velero-credentials";

/** What an environment or a stack may change of Velero, or false for no Velero at all. */
export const veleroOverrideSchema = z
  .union([
    z.literal(false),
    z.strictObject({
      ownership: ownership.optional().describe("own or present."),
      namespace: nameSchema.optional(),
      bucket: veleroSchema.shape.bucket.optional(),
      region: veleroSchema.shape.region.optional(),
      prefix: veleroSchema.shape.prefix,
      endpoint: veleroSchema.shape.endpoint,
      schedule: cronSchema.optional().describe("When the namespace is backed up, in UTC."),
      retentionDays: veleroSchema.shape.retentionDays.unwrap().optional(),
    }),
  ])
  .optional()
  .describe("Backups of the namespace in object storage, or false for none.");
