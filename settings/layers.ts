import type { SystemInput } from "../components/model/system.ts";
import { merge } from "./merge.ts";
import { profiles } from "./profiles.ts";
import type { StackSettings } from "./schema.ts";

/** Profile ◂ system ◂ the system's environment ◂ stack, as a system that is not checked yet. */
export function layered(
  settings: Omit<StackSettings, "services" | "data"> & Pick<Partial<StackSettings>, "services" | "data">,
  system: SystemInput,
): Record<string, unknown> {
  const { environments = {}, ...base } = system;
  const { namespace, domain, services, jobs, volumes, data, addons, configs, namespaceLabels } = settings;
  const stack = { namespace, domain, services, jobs, volumes, data, configs, namespaceLabels };
  const described = { ...base, addons: profiledAddons(settings, system) };
  const merged: Record<string, unknown> = merge(merge(described, environments[settings.environment]), stack);
  return removeSwitchedOff({
    ...merged,
    jobs: lentResources(merged, base),
    addons: addons === "present" ? allPresent(merged.addons) : merge(merged.addons, addons),
  });
}

/** The jobs; one that has no resources of its own is lent its service's, and what changes of them lies over those. */
function lentResources({ jobs, services }: Record<string, unknown>, { jobs: declared = {} }: SystemInput): unknown {
  const lenders = services as Record<string, { resources?: unknown } | undefined>;
  const lent = Object.entries((jobs ?? {}) as typeof lenders).map(([name, job = {}]) => {
    const own = declared[name];
    if (!job.resources || !own || own.resources) return [name, job];
    return [name, { ...job, resources: merge(lenders[own.from]?.resources ?? {}, job.resources) }];
  });
  return Object.fromEntries(lent);
}

/** Every add-on that a system relies on, as somebody else's. */
function allPresent(addons: unknown): unknown {
  const present = { ownership: "present" };
  return Object.fromEntries(
    Object.entries(addons as object).map(([name, addon]) => [name, addon === false ? addon : merge(addon, present)]),
  );
}

/** The profile says how the add-ons are that a system relies on. Only a secret store adds one: the operator that reads it. */
function profiledAddons(
  { environment, secretStore }: Pick<StackSettings, "environment" | "secretStore">,
  { addons = {} }: SystemInput,
): unknown {
  const profile: Record<string, unknown> = profiles[environment].addons;
  // What reads a secret store is somebody else's, unless the stack says otherwise.
  const needed = secretStore ? { externalSecrets: { ownership: "present" as const }, ...addons } : addons;
  return Object.fromEntries(Object.entries(needed).map(([name, addon]) => [name, merge(profile[name] ?? {}, addon)]));
}

/** `false` in an override takes away what the system declares. */
function removeSwitchedOff(value: Record<string, unknown>): Record<string, unknown> {
  for (const kind of ["services", "data"]) {
    for (const part of Object.values((value[kind] ?? {}) as Record<string, Record<string, unknown>>)) {
      for (const key of ["autoscaling", "verticalScaling", "readReplicas", "replicas", "backup"])
        if (part[key] === false) delete part[key];
    }
  }
  const addons = (value.addons ?? {}) as Record<string, unknown>;
  for (const [name, addon] of Object.entries(addons)) if (addon === false) delete addons[name];
  return value;
}
