import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { input, placeSchema } from "../arguments.ts";
import { type DataStore, dataStoreChecks } from "../model/data-store.ts";
import { registrySchema } from "../model/image.ts";
import { checkStoreName } from "../model/name-lengths.ts";
import { nameSchema, objectNameSchema } from "../model/names.ts";
import type { Check } from "../model/problems.ts";
import { secretStoreSchema } from "../model/secret-store.ts";
import type { Problem } from "../model/system.ts";
import { problemsOfArgs } from "../plain.ts";
import type { PlacedArgs } from "./data-store.ts";
import { checkHost } from "./existing.ts";

/** The arguments of a data store that are not of the model; where its chart comes from is looked at where it is fetched. */
const argumentsSchema = z.object({
  name: nameSchema,
  ...placeSchema.shape,
  registry: registrySchema.optional(),
  pullSecrets: z.array(objectNameSchema).optional(),
  password: input(z.string()).optional(),
  storedPassword: z.strictObject({ store: secretStoreSchema, name: nameSchema }).optional(),
});

/** What is wrong with a data store's arguments beside its model, and what is to be checked of the model. `host` is that of an existing server, where it is an Output. */
export function storeChecks(
  name: string,
  args: PlacedArgs,
  host: pulumi.Output<string> | undefined,
): { problems: Problem[]; checks: Check<DataStore>[] } {
  return {
    problems: problemsOfArgs(argumentsSchema, { ...args, name, instance: args.instance ?? name }),
    checks: [
      ...dataStoreChecks,
      (store) => checkStoreName(name, store),
      ({ existing }) => checkPassword(existing !== undefined, args),
      (store) => checkHost(store, { host, stored: args.storedPassword !== undefined }),
    ],
  };
}

function checkPassword(existing: boolean, { password, storedPassword }: PlacedArgs): Problem[] {
  const given = password !== undefined || storedPassword !== undefined;
  if (existing === given) return [];
  return existing
    ? [
        {
          path: ["password"],
          message: "is missing: the existing server knows its own",
          fix: "give the password as a secret",
        },
      ]
    : [
        {
          path: ["password"],
          message: "is given, but the server is made here with a generated one",
          fix: "leave it out, or describe the server under existing",
        },
      ];
}
