import { catalogue } from "../charts/catalogue.ts";
import type { ChartValues } from "../charts/chart.ts";
import { chosenImage, splitImage } from "../charts/images.ts";
import { authSecretName, copiesOf, type RedisStore } from "../model/data-store.ts";
import { resourceRequirements } from "../model/quantity.ts";
import { persistence, rotationAnnotation, type StoreValuesOptions } from "./postgresql-values.ts";

/** Key of the password in the Secret that the chart reads. */
export const redisPasswordKey = "redis-password";

/** The values of Bitnami's Redis chart (23.x). */
export function redisValues(name: string, store: RedisStore, options: StoreValuesOptions = {}): ChartValues {
  const image = splitImage(chosenImage(catalogue.redis.images.redis, store.image, options.registry));
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
    auth: { enabled: true, existingSecret: authSecretName(name), existingSecretPasswordKey: redisPasswordKey },
    // The policy that the chart makes opens the port to everybody and DNS over UDP only; ours come from the relations.
    networkPolicy: { enabled: false },
    master: server(store, store.rotation),
    ...(copies ? { replica: { replicaCount: copies.count, ...server(copies, store.rotation) } } : {}),
    sentinel: { enabled: false },
    metrics: { enabled: false },
    // These would run as root.
    volumePermissions: { enabled: false },
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
