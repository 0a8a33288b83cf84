import { z } from "zod";
import { nameSchema } from "./names.ts";

/** Name of an environment variable, and of a key that becomes one. */
export const variableSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "must be an environment variable name" });

/** A key of a ConfigMap or a Secret. */
export const dataKeySchema = z
  .string()
  .max(253, { error: "must have at most 253 characters" })
  .regex(/^[-._a-zA-Z0-9]+$/, { error: "must be letters, digits, '-', '_' and '.' (a key of a ConfigMap or Secret)" });

/** Where the value of an environment variable comes from. */
export const envValueSchema = z.union([
  z.string().describe("A literal value. Never a secret: state and pod specification show it."),
  z.strictObject({ secret: nameSchema, key: z.string().min(1) }).describe("A key of one of the system's secrets."),
  z
    .strictObject({ data: nameSchema, key: z.string().min(1) })
    .describe("A key of a data store's connection Secret, such as url or host."),
  z
    .strictObject({ service: nameSchema, path: z.string().optional() })
    .describe("The URL of another service: http://<name>:<port><path>."),
]);
export type EnvValue = z.infer<typeof envValueSchema>;

/** Variables by name. */
export const envSchema = z.record(variableSchema, envValueSchema);

/** All keys of one of the system's configs or secrets, each as a variable of the same name. A variable under env wins. */
export const envFromSchema = z.union([
  z.strictObject({ config: nameSchema }).describe("One of the system's configs."),
  z.strictObject({ secret: nameSchema }).describe("One of the system's secrets."),
]);
export type EnvFrom = z.infer<typeof envFromSchema>;

/** ConfigMaps that services take their environment from: name → key → text. Changed text rolls the pods that read it. */
export const configsSchema = z.record(nameSchema, z.record(dataKeySchema, z.string()));
export type Configs = z.infer<typeof configsSchema>;
