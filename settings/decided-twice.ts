import type { Problem } from "../components/model/system.ts";
import type { StackSettings } from "./schema.ts";

/** Image tags and digests that a stack sets for a service although the service's release decides them: they would do nothing. */
export function decidedTwice({ services = {}, releases }: Pick<StackSettings, "services" | "releases">): Problem[] {
  return Object.entries(releases).flatMap(([name, release]) => {
    const { tag, digest } = release[release.active] ?? {};
    if (!tag && !digest) return [];
    return (["tag", "digest"] as const)
      .filter((field) => Object.hasOwn(services, name) && services[name]?.image?.[field] !== undefined)
      .map((field) => ({
        path: ["services", name, "image", field],
        message: `is decided by keelson:releases.${name}.${release.active}`,
        fix: `remove it; npm run release -- --service ${name} --tag … deploys another version`,
      }));
  });
}
