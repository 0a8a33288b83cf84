import { fromRegistry, type Image } from "../model/image.ts";
import type { ImageOverride } from "../model/image-override.ts";

/**
 * The image that a chart shall run: the catalogue's, with single fields replaced and then taken from a registry. A new tag or
 * repository drops the catalogue's digest, which belongs to the old one.
 */
export function chosenImage(image: Image, override: ImageOverride | undefined, registry: string | undefined): Image {
  const { repository, tag, digest } = override ?? {};
  const kept = { ...image };
  if (repository || tag) delete kept.digest;
  return fromRegistry(
    { ...kept, ...(repository ? { repository } : {}), ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) },
    registry,
  );
}

/** An image as charts want it that name registry and path apart. */
export function splitImage({ repository, tag, digest }: Image): {
  registry: string;
  path: string;
  tag: string;
  digest: string;
} {
  const slash = repository.indexOf("/");
  return {
    registry: repository.slice(0, slash),
    path: repository.slice(slash + 1),
    tag: tag ?? "",
    digest: digest ?? "",
  };
}
