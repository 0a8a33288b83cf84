import { z } from "zod";

const word = z
  .string()
  .regex(/^[a-z][-a-z0-9./]*$/, { error: "must be lower-case, and name one thing: there is no *" });

/** What a service may ask of the Kubernetes API in its own namespace. Nothing where it is left out, not even a token. */
export const accessSchema = z
  .array(
    z.strictObject({
      apiGroups: z
        .array(word.or(z.literal("")))
        .min(1)
        .default([""])
        .describe('API groups; "" is the core group.'),
      resources: z.array(word).min(1).describe("Resources, such as pods or deployments/scale."),
      resourceNames: z.array(z.string().min(1)).optional().describe("Names of single objects. Default: all."),
      verbs: z
        .array(z.enum(["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]))
        .min(1),
    }),
  )
  .min(1);
export type Access = z.infer<typeof accessSchema>;
