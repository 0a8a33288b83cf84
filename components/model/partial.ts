import { z } from "zod";

/**
 * The object with every field optional and without its defaults, for what an environment or a stack changes: what it does not
 * mention must stay as it was. zod's own `partial()` fills the defaults in, which then replace what the system says.
 */
export function partial<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
): z.ZodObject<{ [Key in keyof Shape]: z.ZodOptional<Shape[Key]> }, z.core.$strict> {
  const shape = Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, field]) => {
    const bare =
      field instanceof z.ZodDefault || field instanceof z.ZodPrefault ? (field.unwrap() as z.ZodType) : field;
    const { description } = field;
    return [key, description ? bare.optional().describe(description) : bare.optional()];
  });
  return z.strictObject(Object.fromEntries(shape)) as never;
}
