import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { catalogue } from "../charts/catalogue.ts";
import { postgresqlSchema } from "../model/data-store.ts";
import { parseModel } from "../model/problems.ts";
import { makeBackup } from "../operations/postgresql-backup.ts";
import { makeLogin } from "../operations/postgresql-rotation.ts";
import { type DataStoreArgs, DataStoreComponent } from "./data-store.ts";
import { postgresqlPasswordKeys, postgresqlValues } from "./postgresql-values.ts";
import { storeChecks } from "./store-arguments.ts";

/** A PostgreSQL server; see `postgresqlSchema` for each field's meaning and default. */
export interface PostgreSQLArgs extends DataStoreArgs, Omit<z.input<typeof postgresqlSchema>, "engine"> {}

/**
 * PostgreSQL by Bitnami's chart (standalone, or a primary with streaming read replicas) with random passwords of its own and a
 * connection Secret for applications, or an existing server behind the same interface. There is no automatic failover.
 * Throws one error with all problems where the arguments do not fit together.
 */
export class PostgreSQL extends DataStoreComponent {
  constructor(name: string, args: PostgreSQLArgs, opts?: pulumi.ComponentResourceOptions) {
    const {
      name: storeName = name,
      namespace,
      instance,
      source,
      registry,
      pullSecrets,
      password,
      storedPassword,
      ...model
    } = args;
    const checks = storeChecks(storeName, args);
    const store = parseModel(postgresqlSchema, { ...model, engine: "postgresql" }, `PostgreSQL "${name}"`, checks);
    const { user, admin, replication } = postgresqlPasswordKeys;
    const context = { name: storeName, namespace, instance: instance ?? storeName, store, registry, pullSecrets };
    super(
      "keelson:data:PostgreSQL",
      name,
      args,
      {
        store,
        entry: catalogue.postgresql,
        values: postgresqlValues(storeName, store, { registry, pullSecrets }),
        passwordKeys: [user, admin, replication],
        // The owner's is what the database was made with, and the superuser's is what each rotation logs in with.
        keptKeys: [user, admin],
        makeLogin: (made, operation) => makeLogin(name, context, made, operation),
        operate: (operation) => store.backup && makeBackup(name, context, store.backup, operation),
      },
      opts,
    );
  }
}
