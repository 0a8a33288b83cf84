import type { Configs } from "../components/model/env.ts";
import type { Delivery } from "../components/model/gitops.ts";
import { checkPlatform } from "../components/model/platform-checks.ts";
import { check, oneOf } from "../components/model/problems.ts";
import {
  type PlatformModel,
  type Problem,
  type System,
  type SystemInput,
  systemSchema,
} from "../components/model/system.ts";
import { decidedTwice } from "./decided-twice.ts";
import { chosenDelivery } from "./delivery.ts";
import { merge } from "./merge.ts";
import { profiles } from "./profiles.ts";
import { describeProblem, readSettings, SettingsError } from "./read.ts";
import type { Sandbox } from "./runtime.ts";
import type { StackSettings } from "./schema.ts";
import { type IssuedSecret, issuedSecrets, missingSecrets, wrongSecrets } from "./secrets.ts";
import { shrunkVolumes } from "./shrinks.ts";
import { withoutEffect } from "./without-effect.ts";

/** Everything that a stack's settings come to. */
export interface Resolved {
  platform: PlatformModel;
  cluster: Partial<NonNullable<StackSettings["cluster"]>>;
  charts: { kind: "upstream" } | { kind: "mirror"; registry: string } | { kind: "folder"; path: string };
  secrets: Record<string, IssuedSecret>;
  /** What a person should know and cannot see otherwise; shown once a run. */
  notices: string[];
}

export interface ResolveInput {
  /** The stack's configuration: `namespace:key` → text. */
  config: Record<string, string>;
  /** Name of the stack, for messages. */
  stack: string;
  systems: Record<string, SystemInput>;
  /** The sandbox that stands in for the stack's cluster, where one does. */
  sandbox: Sandbox | undefined;
}

/** Profile ◂ system ◂ the system's environment ◂ stack. Throws one `SettingsError` with all problems. */
export function resolve({ config, stack, systems, sandbox }: ResolveInput): Resolved {
  const file = `Pulumi.${stack}.yaml`;
  const { settings: read, problems } = readUsable(config);
  const lines = problems.map((problem) => describeProblem(problem, file));
  const system = read && Object.hasOwn(systems, read.system) ? systems[read.system] : undefined;
  if (read && !system) {
    lines.push(
      describeProblem(
        {
          path: ["system"],
          message: `there is no system "${read.system}"`,
          fix: oneOf(read.system, Object.keys(systems)),
        },
        file,
      ),
    );
  }
  if (!read || !system) throw new SettingsError(lines);

  const { settings, unknown } = withoutUnknown(read, system);
  lines.push(...unknown.map((problem) => describeProblem(problem, file)));
  const { value: usable, problems: unfit } = check(systemSchema, mergeAll(settings, system));
  lines.push(...unfit.map((problem) => describe(problem, settings, file)));
  if (!usable) throw new SettingsError(lines);

  const { delivery, problems: undelivered } = chosenDelivery(usable.gitops, settings.gitops);
  lines.push(...undelivered.map((problem) => describe(problem, settings, file)));
  const platform = platformModel(usable, settings, delivery);
  const { services: _services, data: _data, volumes: _volumes, addons: _addons, ...rest } = settings;
  const { value: declared } = check(systemSchema, mergeAll(rest, system));
  const shrunk = declared ? shrunkVolumes(declared, usable) : [];
  lines.push(...[...checkPlatform(platform), ...shrunk].map((problem) => describe(problem, settings, file)));
  const needed = settings.gitops ? [] : missingSecrets(platform, settings, stack);
  const missing = sandbox ? [] : [...needed, ...missingCluster(settings)];
  const wrong = [
    ...missing,
    ...wrongSecrets(platform, settings),
    ...decidedTwice(settings),
    ...withoutEffect(settings, platform),
  ];
  lines.push(...wrong.map((problem) => describeProblem(problem, file)));
  if (lines.length) throw new SettingsError([...new Set(lines)]);

  const { secrets, placeholders } = issuedSecrets(platform, settings);
  return {
    platform,
    cluster: sandbox
      ? { context: sandbox.context, kubeconfig: sandbox.kubeconfig, identifier: sandbox.context }
      : (settings.cluster ?? {}),
    charts: chartSource(settings, sandbox),
    secrets,
    notices: placeholders.length
      ? [`sandbox: placeholders stand in for the secrets that others would issue: ${placeholders.join(", ")}`]
      : [],
  };
}

/** Settings without the keys that have problems, so that what can be checked further is, and all errors come out at once. */
function readUsable(config: Record<string, string>): ReturnType<typeof readSettings> {
  const first = readSettings(config);
  if (first.settings) return first;
  const bad = new Set(first.problems.map(({ path }) => `keelson:${path[0]}`));
  const rest = Object.fromEntries(Object.entries(config).filter(([key]) => !bad.has(key)));
  return { settings: readSettings(rest).settings, problems: first.problems };
}

/** What a stack may change of a system by its name. */
const words = {
  services: "service",
  jobs: "job",
  volumes: "shared volume",
  data: "data store",
  configs: "config",
} as const;

/** Settings without what they change and the system does not have; that would be reported again, as a service that lacks everything. */
function withoutUnknown(settings: StackSettings, system: SystemInput): { settings: StackSettings; unknown: Problem[] } {
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

function mergeAll(
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
    addons: addons === "present" ? allPresent(merged.addons) : merge(merged.addons, addons),
  });
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

function platformModel(
  { environments = {}, gitops: _gitops, ...system }: System,
  settings: StackSettings,
  delivery: Delivery | undefined,
): PlatformModel {
  const { environment, network, pullSecrets, registry, releases, secretStore } = settings;
  const own = environments[environment];
  return {
    ...system,
    environment,
    configs: withDomain(system),
    protect: settings.protect ?? own?.protect ?? profiles[environment].protect,
    quota: merge(own?.quota ?? {}, settings.quota),
    rotation: merge(own?.rotation ?? {}, settings.rotation),
    network,
    pullSecrets,
    releases,
    ...(registry ? { registry } : {}),
    ...(secretStore ? { secretStore } : {}),
    ...(delivery ? { delivery } : {}),
  };
}

/** The configs with `{domain}` filled in: a stack with a domain of its own then has every text that names it right. */
function withDomain({ configs, domain }: Pick<System, "configs" | "domain">): Configs {
  const filled = (texts: Record<string, string>) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text.replaceAll("{domain}", domain)]));
  return Object.fromEntries(Object.entries(configs).map(([name, texts]) => [name, filled(texts)]));
}

/** Where the stack set the key itself, its file is to blame; elsewhere the system is. */
function describe(problem: Problem, settings: StackSettings, file: string): string {
  let value: unknown = settings;
  for (const part of problem.path.slice(0, 2))
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  return describeProblem(
    problem,
    value === undefined ? `system ${settings.system} (${settings.environment}), seen from ${file}` : file,
  );
}

function missingCluster({ cluster, environment }: StackSettings): Problem[] {
  if (cluster || environment === "dev") return [];
  return [
    {
      path: ["cluster"],
      message: `is missing: ${environment} never takes the cluster that happens to be current`,
      fix: "give context, a context of your kubeconfig (kubectl config get-contexts)",
    },
  ];
}

function chartSource({ charts }: StackSettings, sandbox: Sandbox | undefined): Resolved["charts"] {
  if (sandbox) return { kind: "folder", path: sandbox.charts };
  if (charts === "upstream") return { kind: "upstream" };
  return "mirror" in charts ? { kind: "mirror", registry: charts.mirror } : { kind: "folder", path: charts.folder };
}
