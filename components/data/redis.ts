import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { catalogue } from "../charts/catalogue.ts";
import { redisSchema } from "../model/data-store.ts";
import { parseModel } from "../model/problems.ts";
import { type DataStoreArgs, DataStoreComponent } from "./data-store.ts";
import { redisPasswordKey, redisValues } from "./redis-values.ts";
import { storeChecks } from "./store-arguments.ts";

/** A Redis server; see `redisSchema` for each field's meaning and default. */
export interface RedisArgs extends DataStoreArgs, Omit<z.input<typeof redisSchema>, "engine"> {}

/**
 * Redis by Bitnami's chart (standalone, or a master with read-only replicas) with a random password of its own and a connection
 * Secret for applications, or an existing server behind the same interface. There is no automatic failover.
 * Throws one error with all problems where the arguments do not fit together.
 */
export class Redis extends DataStoreComponent {
  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
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
    const store = parseModel(redisSchema, { ...model, engine: "redis" }, `Redis "${name}"`, checks);
    super(
      "keelson:data:Redis",
      name,
      args,
      {
        store,
        entry: catalogue.redis,
        values: redisValues(storeName, store, { registry, pullSecrets }),
        passwordKeys: [redisPasswordKey],
      },
      opts,
    );
  }
}
