import { z } from "zod";
import { backupOverrideSchema, backupSchema } from "./backup.ts";
import { cidrSchema } from "./cidr.ts";
import { imageOverrideSchema } from "./image-override.ts";
import { addressSchema, nameSchema, portSchema } from "./names.ts";
import { bytesSchema, resourcesOverrideSchema, resourcesSchema, resourcesWithDefault } from "./quantity.ts";

/** Disk of one pod. A claim can grow where its class allows it and never shrinks. */
export const storageSchema = z.strictObject({
  size: bytesSchema.describe("Size of each pod's volume. It can grow, where the class allows it, and never shrinks."),
  class: nameSchema.optional().describe("StorageClass. Default: the cluster's default class."),
});
export type Storage = z.infer<typeof storageSchema>;

const storageWithDefault = storageSchema.extend({ size: storageSchema.shape.size.default("8Gi") }).prefault({});

/** How a managed server's certificate is looked at: `require` encrypts only, `verify-full` also checks who answers. */
const tlsSchema = z
  .enum(["disable", "require", "verify-full"])
  .describe(
    "Encryption of the connection: disable, require (encrypted), verify-full (encrypted, and the certificate's name and issuer are checked, for which clients need the issuer's certificate: give it under files and name its path to the client, such as PGSSLROOTCERT to libpq).",
  );

/** A managed server in place of a chart. */
export const existingSchema = z
  .strictObject({
    host: addressSchema.describe("Host name or IPv4 address of the server."),
    port: portSchema.optional().describe("Port of the server. Default: the engine's own, 5432 or 6379."),
    tls: tlsSchema.default("require"),
    cidr: cidrSchema
      .optional()
      .describe(
        "Address range of the server, for network policies. Default: the address that host is; for a name every public address, and no private one.",
      ),
  })
  .describe(
    "A server that somebody else runs. No chart is deployed then, and the password comes from the secret <name>-password.",
  );
export type ExistingServer = z.infer<typeof existingSchema>;

const keySchema = z
  .string()
  .regex(/^[-._a-zA-Z0-9]+$/, { error: "must be letters, digits, '-', '_' and '.' (a key of a Secret)" });

const connectionSecretSchema = z
  .strictObject({
    name: nameSchema.describe("Name of the Secret that applications read."),
    urlKey: keySchema.default("url").describe("Key that holds the connection URL."),
  })
  .describe("The Secret that applications read: host, port, credentials and a URL made of them.");

const rotationSchema = z.int().min(0);

const copiesSchema = z.strictObject({
  count: z.int().min(1).max(20).describe("Number of replicas, beside the one that takes writes."),
  storage: storageSchema,
  resources: resourcesSchema,
});

/** What every store has, whatever its engine. */
const common = {
  architecture: z
    .enum(["standalone", "replication"])
    .default("standalone")
    .describe(
      "standalone: one server. replication: one that takes writes, and read-only copies; no automatic failover.",
    ),
  serviceName: nameSchema
    .optional()
    .describe(
      "Name under which the server that takes writes is reached. Default: the chart's, such as <name>-primary or <name>-master.",
    ),
  image: imageOverrideSchema
    .optional()
    .describe(
      "Image of the server, one that the chart's scripts fit. Default: the chart catalogue's, whose registry gets no fixes.",
    ),
  connectionSecret: connectionSecretSchema,
  existing: existingSchema.optional(),
};

const smallServer = { requests: { cpu: "250m", memory: "512Mi" }, limits: { cpu: "1000m", memory: "1Gi" } };

/** A PostgreSQL server, or one with streaming read replicas. */
export const postgresqlSchema = z.strictObject({
  engine: z.literal("postgresql"),
  ...common,
  database: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, {
      error: "must be a plain PostgreSQL name: lower-case letters, digits and '_', at most 63",
    })
    .describe("Database that is made at the first start."),
  username: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, {
      error: "must be a plain PostgreSQL name: lower-case letters, digits and '_', at most 63",
    })
    .refine((name) => name !== "postgres", {
      error: "must not be postgres, the superuser: applications get a user of their own",
    })
    .describe("Owner of the database, the user that applications connect as."),
  storage: storageWithDefault.describe("Disk of the primary."),
  resources: resourcesWithDefault(smallServer).describe("Requests and limits of the primary."),
  readReplicas: copiesSchema
    .optional()
    .describe("Read-only copies. Needed with architecture replication, impossible without."),
  rotation: rotationSchema
    .default(0)
    .describe(
      "A new number makes a new login for applications, <username>_r<number>, and takes the one before away when all pods have the new one. Never back to 0.",
    ),
  backup: backupSchema
    .optional()
    .describe("Dumps by a schedule. Default: none. An existing server is backed up by who runs it."),
});
export type PostgresqlStore = z.infer<typeof postgresqlSchema>;

/** A Redis server, or a master with read-only replicas. */
export const redisSchema = z.strictObject({
  engine: z.literal("redis"),
  ...common,
  storage: storageWithDefault.describe("Disk of the master."),
  resources: resourcesWithDefault(smallServer).describe("Requests and limits of the master."),
  replicas: copiesSchema
    .optional()
    .describe("Read-only copies. Needed with architecture replication, impossible without."),
  rotation: rotationSchema.default(0).describe("A new number makes a new password and restarts the pods with it."),
});
export type RedisStore = z.infer<typeof redisSchema>;

/** A data store of a system, by engine. */
export const dataStoreSchema = z.discriminatedUnion("engine", [postgresqlSchema, redisSchema]);
export type DataStore = z.infer<typeof dataStoreSchema>;

const partialCopies = z.literal(false).or(
  z.strictObject({
    count: copiesSchema.shape.count.optional(),
    storage: storageSchema.partial().optional(),
    resources: resourcesOverrideSchema.optional(),
  }),
);

/** What an environment or a stack may change of a data store. Objects merge, lists and scalars replace. */
export const dataStoreOverrideSchema = z.strictObject({
  architecture: common.architecture.unwrap().optional().describe("standalone or replication."),
  image: imageOverrideSchema.optional().describe("Image of the server."),
  storage: storageSchema.partial().optional().describe("Disk of the primary or master."),
  resources: resourcesOverrideSchema.optional().describe("Requests and limits of the primary or master."),
  readReplicas: partialCopies.optional().describe("PostgreSQL: the read-only copies, or false for none."),
  replicas: partialCopies.optional().describe("Redis: the read-only copies, or false for none."),
  rotation: rotationSchema.optional().describe("A new number makes new passwords."),
  existing: existingSchema.optional(),
  backup: backupOverrideSchema,
});
export type DataStoreOverride = z.infer<typeof dataStoreOverrideSchema>;

/** The read-only copies of a store that runs here; undefined where it has none. */
export function copiesOf(store: DataStore): z.infer<typeof copiesSchema> | undefined {
  if (store.existing || store.architecture === "standalone") return undefined;
  return store.engine === "postgresql" ? store.readReplicas : store.replicas;
}

/** The role that applications log in as: the owner of the database, or that of a rotation, which works as the owner does. */
export function loginName({ username, rotation, existing }: PostgresqlStore): string {
  return rotation && !existing ? `${username}_r${rotation}` : username;
}
