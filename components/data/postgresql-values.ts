import { catalogue } from "../charts/catalogue.ts";
import type { ChartValues } from "../charts/chart.ts";
import { authSecretName, copiesOf, type PostgresqlStore } from "../model/data-store.ts";
import { resourceRequirements } from "../model/quantity.ts";
import { bitnamiValues, persistence, rotationAnnotation, type StoreValuesOptions } from "./bitnami-values.ts";

/** Keys of the passwords in the Secret that the chart reads; the chart's own defaults (`auth.secretKeys`). */
export const postgresqlPasswordKeys = {
  admin: "postgres-password",
  user: "password",
  replication: "replication-password",
} as const;

/** The values of Bitnami's PostgreSQL chart (17.x). */
export function postgresqlValues(name: string, store: PostgresqlStore, options: StoreValuesOptions = {}): ChartValues {
  const copies = copiesOf(store);
  return {
    ...bitnamiValues(name, store, catalogue.postgresql.images.postgresql, options),
    auth: {
      username: store.username,
      database: store.database,
      existingSecret: authSecretName(name),
      secretKeys: {
        adminPasswordKey: postgresqlPasswordKeys.admin,
        userPasswordKey: postgresqlPasswordKeys.user,
        replicationPasswordKey: postgresqlPasswordKeys.replication,
      },
    },
    // A rotation is the Job's work: the primary needs no restart. It carries the annotation since it once did.
    primary: server(store, 0),
    ...(copies ? { readReplicas: { replicaCount: copies.count, ...server(copies, store.rotation) } } : {}),
  };
}

function server({ resources, storage }: Pick<PostgresqlStore, "resources" | "storage">, rotation: number): ChartValues {
  return {
    resourcesPreset: "none",
    resources: resourceRequirements(resources),
    persistence: persistence(storage),
    podAnnotations: rotationAnnotation(rotation),
    // The policy that the chart makes opens the port to everybody and egress to everywhere; ours come from the relations.
    networkPolicy: { enabled: false },
    // The image sets no STOPSIGNAL: SIGTERM lets connected clients hold the server until it is killed, and the next start recovers.
    lifecycleHooks: {
      preStop: { exec: { command: ["/bin/bash", "-c", 'pg_ctl stop -D "$PGDATA" -m fast -w -t 25'] } },
    },
  };
}
