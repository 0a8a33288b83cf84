import type { PlatformModel, Problem } from "../components/model/system.ts";
import type { StackSettings } from "./schema.ts";

/** What a stack can set of a server that runs here, and of nobody else's. */
const ofOurs = ["architecture", "image", "storage", "resources", "readReplicas", "replicas", "backup"] as const;

/** What a stack sets of a data store that somebody else runs: it would do nothing. */
export function withoutEffect(
  { data: set = {} }: Pick<StackSettings, "data">,
  { data }: Pick<PlatformModel, "data">,
): Problem[] {
  return Object.entries(set).flatMap(([name, changes]): Problem[] => {
    if (!data[name]?.existing) return [];
    return ofOurs
      .filter((field) => changes[field] !== undefined && changes[field] !== false && changes[field] !== "standalone")
      .map((field) => ({
        path: ["data", name, field],
        message: "has no effect on a server that somebody else runs",
        fix: `remove it, or data.${name}.existing`,
      }));
  });
}
