import { oneOf } from "../components/model/problems.ts";
import type { Problem, SystemInput } from "../components/model/system.ts";
import type { StackSettings } from "./schema.ts";

/** What a stack may change of a system by its name. */
const words = {
  services: "service",
  jobs: "job",
  volumes: "shared volume",
  data: "data store",
  configs: "config",
} as const;

/** Settings without what they change and the system does not have; that would be reported again, as a service that lacks everything. */
export function withoutUnknown(
  settings: StackSettings,
  system: SystemInput,
): { settings: StackSettings; unknown: Problem[] } {
  const unknown: Problem[] = [];
  const known = <T>(kind: keyof typeof words, given: Record<string, T> = {}): Record<string, T> => {
    const names = Object.keys(system[kind] ?? {});
    const right = Object.entries(given).filter(([name]) => names.includes(name));
    for (const name of Object.keys(given).filter((other) => !names.includes(other))) {
      unknown.push({
        path: [kind, name],
        message: `${system.title} has no ${words[kind]} "${name}"`,
        fix: oneOf(name, names),
      });
    }
    return Object.fromEntries(right);
  };
  return {
    settings: {
      ...settings,
      services: known("services", settings.services),
      jobs: known("jobs", settings.jobs),
      volumes: known("volumes", settings.volumes),
      data: known("data", settings.data),
      configs: known("configs", settings.configs),
    },
    unknown,
  };
}
