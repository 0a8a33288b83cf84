import type { ChartValues } from "../charts/chart.ts";
import { chosenImage, splitImage } from "../charts/images.ts";
import type { DataStore, Storage } from "../model/data-store.ts";
import type { Image } from "../model/image.ts";

/** What all values of a store's chart are made of. */
export interface StoreValuesOptions {
  /** Registry that replaces the images' own, path kept. */
  registry?: string | undefined;
  /** Names of existing image pull Secrets. */
  pullSecrets?: string[] | undefined;
}

/** What Bitnami's charts of data stores have in common: names, image, architecture, nothing that nobody asked for. */
export function bitnamiValues(name: string, store: DataStore, image: Image, options: StoreValuesOptions): ChartValues {
  const { registry, path, tag, digest } = splitImage(chosenImage(image, store.image, options.registry));
  return {
    fullnameOverride: name,
    global: {
      // The chart refuses every image but docker.io/bitnami's own, and those with a version are gone.
      security: { allowInsecureImages: true },
      imagePullSecrets: options.pullSecrets ?? [],
    },
    image: { registry, repository: path, tag, digest },
    architecture: store.architecture,
    // This would run as root.
    volumePermissions: { enabled: false },
    metrics: { enabled: false },
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
