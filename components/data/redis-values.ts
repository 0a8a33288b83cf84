import { catalogue } from "../charts/catalogue.ts";
import type { ChartValues } from "../charts/chart.ts";
import { authSecretName, copiesOf, type RedisStore } from "../model/data-store.ts";
import { resourceRequirements } from "../model/quantity.ts";
import { bitnamiValues, persistence, rotationAnnotation, type StoreValuesOptions } from "./bitnami-values.ts";

/** Key of the password in the Secret that the chart reads. */
export const redisPasswordKey = "redis-password";

/** The values of Bitnami's Redis chart (23.x). */
export function redisValues(name: string, store: RedisStore, options: StoreValuesOptions = {}): ChartValues {
  const copies = copiesOf(store);
  return {
    ...bitnamiValues(name, store, catalogue.redis.images.redis, options),
    auth: { enabled: true, existingSecret: authSecretName(name), existingSecretPasswordKey: redisPasswordKey },
    // The policy that the chart makes opens the port to everybody and DNS over UDP only; ours come from the relations.
    networkPolicy: { enabled: false },
    master: server(store, store.rotation),
    ...(copies ? { replica: { replicaCount: copies.count, ...server(copies, store.rotation) } } : {}),
    sentinel: { enabled: false },
    // This would run as root.
    sysctl: { enabled: false },
  };
}

function server({ resources, storage }: Pick<RedisStore, "resources" | "storage">, rotation: number): ChartValues {
  return {
    resourcesPreset: "none",
    resources: resourceRequirements(resources),
    persistence: persistence(storage),
    podAnnotations: rotationAnnotation(rotation),
    // The chart takes FLUSHDB away too, which caches of Django and Celery need. FLUSHALL reaches beyond one's own database.
    disableCommands: ["FLUSHALL"],
  };
}
