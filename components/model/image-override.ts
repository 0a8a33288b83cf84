import { z } from "zod";
import { imageSchema } from "./image.ts";

/** Fields of an image that are replaced; the rest stays as it is. */
export const imageOverrideSchema = z.strictObject({
  repository: imageSchema.shape.repository.optional(),
  tag: imageSchema.shape.tag,
  digest: imageSchema.shape.digest,
});
export type ImageOverride = z.infer<typeof imageOverrideSchema>;
