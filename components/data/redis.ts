import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { catalogue } from "../charts/catalogue.ts";
import { redisSchema } from "../model/data-store.ts";
import { parseArgs } from "../plain.ts";
import { inNamespace, namespaceName } from "../security/namespace.ts";
import { type DataStoreArgs, DataStoreComponent } from "./data-store.ts";
import { type ExistingServerArgs, knownHost } from "./existing.ts";
import { redisPasswordKey, redisValues } from "./redis-values.ts";
import { storeChecks } from "./store-arguments.ts";

/** A Redis server; see `redisSchema` for each field's meaning and default. */
export interface RedisArgs extends DataStoreArgs, Omit<z.input<typeof redisSchema>, "engine" | "existing"> {
  /** A server that somebody else runs. No chart is deployed then. */
  existing?: ExistingServerArgs | undefined;
}

/**
 * Redis by Bitnami's chart (standalone, or a master with read-only replicas) with a random password of its own and a connection
 * Secret for applications, or an existing server behind the same interface. There is no automatic failover.
 * Throws one error with all problems where the arguments do not fit together.
 *
 * The provider needs `enableSecretMutable: true`: without it a rotation replaces the Secrets, which `protect` refuses.
 */
export class Redis extends DataStoreComponent {
  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
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
    const what = `Redis "${name}"`;
    const namespace = namespaceName(place, what);
    const server = knownHost(existing);
    const store = parseArgs(
      redisSchema,
      { ...model, ...(server.existing ? { existing: server.existing } : {}), engine: "redis" },
      what,
      storeChecks(storeName, { ...args, namespace }, server.host),
    );
    super(
      "keelson:data:Redis",
      name,
      { ...args, namespace },
      {
        store,
        host: server.host,
        entry: catalogue.redis,
        values: redisValues(storeName, store, { registry, pullSecrets }),
        passwordKeys: [redisPasswordKey],
      },
      inNamespace(place, opts),
    );
  }
}
