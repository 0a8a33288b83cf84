import { z } from "zod";
import { instanceSchema, namespaceSchema } from "./model/names.ts";
import { isDeferred, later } from "./plain.ts";

/** A schema for a value that may be an Output or a promise: what is known only later passes, and the cluster judges it. */
export function input(schema: z.ZodType): z.ZodUnknown {
  // For the message where a value fits none of several forms.
  const { type, description } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return z
    .unknown()
    .superRefine((value, context) => {
      if (isDeferred(value) || value === later) return;
      const { error } = schema.safeParse(value, { reportInput: true });
      for (const issue of error?.issues ?? []) context.addIssue({ ...issue, continue: false });
    })
    .meta({ type, description });
}

/** Where a component's objects are, and what they are a part of. */
export const placeSchema = z.strictObject({
  namespace: input(namespaceSchema),
  instance: input(instanceSchema),
});
