import { z } from "zod";
import { nameSchema } from "./names.ts";
import { bytesSchema } from "./quantity.ts";

const mountPath = z.string().startsWith("/", { error: 'must begin with "/"' }).describe("Where it appears.");

const claim = {
  size: bytesSchema.describe("Size of the claim. It can grow, where the class allows it, and never shrinks."),
  class: nameSchema.optional().describe("StorageClass. Default: the cluster's default class."),
  accessMode: z
    .enum(["ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod"])
    .describe(
      "ReadWriteMany where several pods of a Deployment share it; a StatefulSet makes one ReadWriteOnce claim a pod.",
    ),
};

/** Disk of a service. A claim outlives pods; scratch is empty at each start; a shared one is the system's. */
export const volumeSchema = z.union([
  z.strictObject({ mountPath, ...claim }),
  z.strictObject({ mountPath, scratch: bytesSchema.describe("Size limit of an emptyDir.") }),
  z.strictObject({
    mountPath,
    shared: nameSchema.describe("Name of one of the system's volumes."),
    readOnly: z.boolean().optional().describe("Whether it can only be read there. Default: false."),
  }),
]);
export type Volume = z.infer<typeof volumeSchema>;

/** A claim that services and jobs share, called by its name. */
export const sharedVolumeSchema = z.strictObject(claim);
export type SharedVolume = z.infer<typeof sharedVolumeSchema>;

/** What an environment or a stack may change of a claim. */
export const claimOverrideSchema = z.strictObject({ size: claim.size.optional(), class: claim.class });

/** Key of a file in the ConfigMap: its path, as far as a key may hold it. */
export function fileKey(path: string): string {
  return path.slice(1).replaceAll("/", "_");
}
