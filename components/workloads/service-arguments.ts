import { z } from "zod";
import { input, placeSchema } from "../arguments.ts";
import { dataKeySchema, variableSchema } from "../model/env.ts";
import { nameSchema, objectNameSchema } from "../model/names.ts";
import { releaseSchema } from "../model/release.ts";
import type { Problem } from "../model/system.ts";
import { problemsOfArgs } from "../plain.ts";

/** The arguments of an application service that are not of the model. */
const argumentsSchema = z.strictObject({
  name: nameSchema,
  ...placeSchema.shape,
  env: z.record(
    variableSchema,
    z.union([
      input(z.string().describe("a literal value")),
      z.strictObject({ secret: input(objectNameSchema), key: input(dataKeySchema) }),
    ]),
  ),
  envFrom: z.array(
    z.union([z.strictObject({ config: input(objectNameSchema) }), z.strictObject({ secret: input(objectNameSchema) })]),
  ),
  secretEnv: z.record(variableSchema, input(z.string())),
  uses: z
    .array(
      z.custom((used) => typeof used === "object" && used !== null && "targets" in used, {
        error: "must be the component of a service or a data store",
      }),
    )
    .optional(),
  pullSecrets: z.array(objectNameSchema),
  rollout: z.record(
    z.string().regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/, {
      error: 'must be letters, digits, "-", "_" and ".": it becomes the name of an annotation',
    }),
    z.string(),
  ),
  release: releaseSchema.optional(),
});

/** What is wrong with the arguments of an application service that are not of the model. */
export function checkArguments(given: Record<keyof z.input<typeof argumentsSchema>, unknown>): Problem[] {
  const problems = problemsOfArgs(argumentsSchema, given);
  const { env, secretEnv } = given;
  if (typeof env !== "object" || typeof secretEnv !== "object" || !env || !secretEnv) return problems;
  const twice = Object.keys(env).filter((variable) => Object.hasOwn(secretEnv, variable));
  return [
    ...problems,
    ...twice.map((variable) => ({
      path: ["secretEnv", variable],
      message: "is given under env too, and only one of them would count",
      fix: "give each variable once",
    })),
  ];
}
