import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { catalogue } from "../charts/catalogue.ts";
import { postgresqlSchema } from "../model/data-store.ts";
import { makeBackup } from "../operations/postgresql-backup.ts";
import { makeLogin } from "../operations/postgresql-rotation.ts";
import type { StoreContext } from "../operations/store-job.ts";
import { parseArgs } from "../plain.ts";
import { inNamespace, namespaceName } from "../security/namespace.ts";
import { type DataStoreArgs, DataStoreComponent } from "./data-store.ts";
import { type ExistingServerArgs, knownHost } from "./existing.ts";
import { postgresqlPasswordKeys, postgresqlValues } from "./postgresql-values.ts";
import { storeChecks } from "./store-arguments.ts";

/** A PostgreSQL server; see `postgresqlSchema` for each field's meaning and default. */
export interface PostgreSQLArgs extends DataStoreArgs, Omit<z.input<typeof postgresqlSchema>, "engine" | "existing"> {
  /** A server that somebody else runs. No chart is deployed then. */
  existing?: ExistingServerArgs | undefined;
}

/**
 * PostgreSQL by Bitnami's chart (standalone, or a primary with streaming read replicas) with random passwords of its own and a
 * connection Secret for applications, or an existing server behind the same interface. There is no automatic failover.
 * Throws one error with all problems where the arguments do not fit together.
 *
 * The provider needs `enableSecretMutable: true`: without it a rotation replaces the Secrets, which `protect` refuses.
 */
export class PostgreSQL extends DataStoreComponent {
  /** What Jobs that work on the server are made of; `RetiredLogins` takes it from here. */
  readonly context: StoreContext;

  constructor(name: string, args: PostgreSQLArgs, opts?: pulumi.ComponentResourceOptions) {
    const {
      name: storeName = name,
      namespace: place,
      instance,
      source,
      registry,
      pullSecrets,
      password,
      storedPassword,
      existing,
      ...model
    } = args;
    const what = `PostgreSQL "${name}"`;
    const namespace = namespaceName(place, what);
    const server = knownHost(existing);
    const store = parseArgs(
      postgresqlSchema,
      { ...model, ...(server.existing ? { existing: server.existing } : {}), engine: "postgresql" },
      what,
      storeChecks(storeName, { ...args, namespace }, server.host),
    );
    const { user, admin, replication } = postgresqlPasswordKeys;
    const context = { name: storeName, namespace, instance: instance ?? storeName, store, registry, pullSecrets };
    super(
      "keelson:data:PostgreSQL",
      name,
      { ...args, namespace },
      {
        store,
        host: server.host,
        entry: catalogue.postgresql,
        values: postgresqlValues(storeName, store, { registry, pullSecrets }),
        passwordKeys: [user, admin, replication],
        // The owner's is what the database was made with, and the superuser's is what each rotation logs in with.
        keptKeys: [user, admin],
        makeLogin: (made, operation) => makeLogin(name, context, made, operation),
        operate: (operation) => store.backup && makeBackup(name, context, store.backup, operation),
      },
      inNamespace(place, opts),
    );
    this.context = context;
  }
}
