import { catalogue } from "../charts/catalogue.ts";
import type { ChartValues } from "../charts/chart.ts";
import { chosenImage, splitImage } from "../charts/images.ts";
import { authSecretName, copiesOf, type PostgresqlStore, type Storage } from "../model/data-store.ts";
import { resourceRequirements } from "../model/quantity.ts";

/** What all values of a store's chart are made of. */
export interface StoreValuesOptions {
  /** Registry that replaces the images' own, path kept. */
  registry?: string | undefined;
  /** Names of existing image pull Secrets. */
  pullSecrets?: string[] | undefined;
}

/** Keys of the passwords in the Secret that the chart reads; the chart's own defaults (`auth.secretKeys`). */
export const postgresqlPasswordKeys = {
  admin: "postgres-password",
  user: "password",
  replication: "replication-password",
} as const;

/** The values of Bitnami's PostgreSQL chart (17.x). */
export function postgresqlValues(name: string, store: PostgresqlStore, options: StoreValuesOptions = {}): ChartValues {
  const image = splitImage(chosenImage(catalogue.postgresql.images.postgresql, store.image, options.registry));
  const copies = copiesOf(store);
  return {
    fullnameOverride: name,
    global: {
      // The chart refuses every image but docker.io/bitnami's own, and those with a version are gone.
      security: { allowInsecureImages: true },
      imagePullSecrets: options.pullSecrets ?? [],
    },
    image: { registry: image.registry, repository: image.path, tag: image.tag, digest: image.digest },
    architecture: store.architecture,
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
    primary: server(store, store.rotation),
    ...(copies ? { readReplicas: { replicaCount: copies.count, ...server(copies, store.rotation) } } : {}),
    // These would run as root, or send numbers nobody asked for.
    volumePermissions: { enabled: false },
    metrics: { enabled: false },
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

/** A new password reaches the running pods by a restart. */
export function rotationAnnotation(rotation: number): Record<string, string> {
  return { "keelson.dev/rotation": String(rotation) };
}

/** A volume of a store's pod. */
export function persistence({ size, class: storageClass }: Storage): ChartValues {
  return { size, ...(storageClass ? { storageClass } : {}) };
}
