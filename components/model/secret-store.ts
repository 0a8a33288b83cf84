import { z } from "zod";
import { nameSchema } from "./names.ts";

/** Where a secret is in the store. */
const placeSchema = z.strictObject({
  key: z.string().min(1).describe("Name or path of the secret in the store."),
  property: z.string().min(1).optional().describe("Field of it, where it holds several."),
});
export type SecretPlace = z.infer<typeof placeSchema>;

/**
 * A store outside the cluster (Vault, AWS Secrets Manager, …) that External Secrets Operator reads the issued secrets of a
 * system from. The operator and its store object exist; no value passes through Pulumi.
 */
export const secretStoreSchema = z.strictObject({
  kind: z
    .enum(["ClusterSecretStore", "SecretStore"])
    .default("ClusterSecretStore")
    .describe("Kind of the store object. A SecretStore has to be in the stack's namespace."),
  name: nameSchema.describe("Name of the store object, which exists."),
  refreshInterval: z
    .string()
    .regex(/^([0-9]+[hms])+$/, { error: 'must be a duration such as "1h" or "15m"' })
    .default("1h")
    .describe("How often the operator looks for new values."),
  prefix: z
    .string()
    .default("")
    .describe('Put before the name of each secret to get its place in the store, such as "prod/codelab/".'),
  places: z
    .record(nameSchema, placeSchema)
    .default({})
    .describe("Secrets that are elsewhere in the store, by the name that they have under keelson:secrets."),
});
export type SecretStore = z.infer<typeof secretStoreSchema>;

/** Where the store has the secret of a name. */
export function placeOf({ prefix, places }: SecretStore, name: string): SecretPlace {
  return places[name] ?? { key: `${prefix}${name}` };
}
