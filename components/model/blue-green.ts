import { z } from "zod";
import { fromRegistry, imageSchema } from "./image.ts";
import { nameSchema } from "./names.ts";
import { secondsSchema } from "./numbers.ts";

/** The two sets of pods that a service with blue-green releases may have. The first deployment is blue. */
export const colors = ["blue", "green"] as const;
export type Color = (typeof colors)[number];

/** How a service is released: into a second, idle set of pods, which is checked before it gets the traffic. */
export const blueGreenSchema = z.strictObject({
  smoke: z
    .strictObject({
      paths: z
        .array(z.string().startsWith("/", { error: 'must begin with "/"' }))
        .min(1)
        .describe("Paths that must answer 2xx or 3xx, asked through the idle colour's own Service."),
      port: nameSchema.optional().describe("Name of the service's port that is asked. Default: its first."),
      image: imageSchema
        .prefault({ repository: "docker.io/curlimages/curl", tag: "8.12.1" })
        .describe("Image with curl. Default: curl's own."),
      timeoutSeconds: secondsSchema.min(1).default(120).describe("Seconds after which the check has failed."),
    })
    .describe("The check that the idle colour must pass before it may get the traffic."),
  retentionSeconds: secondsSchema
    .min(0)
    .default(600)
    .describe("Seconds that the colour which had the traffic is kept after a switch, to go back to it."),
});
export type BlueGreen = z.infer<typeof blueGreenSchema>;

/** What an environment or a stack may change of it. */
export const blueGreenOverrideSchema = z.strictObject({
  retentionSeconds: blueGreenSchema.shape.retentionSeconds.unwrap().optional(),
});

/** The same with the check's image taken from a mirror. */
export function checkedFrom(blueGreen: BlueGreen, registry: string | undefined): BlueGreen {
  const { smoke } = blueGreen;
  return { ...blueGreen, smoke: { ...smoke, image: fromRegistry(smoke.image, registry) } };
}
