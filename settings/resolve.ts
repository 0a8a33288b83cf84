import type { Configs } from "../components/model/env.ts";
import type { Delivery } from "../components/model/gitops.ts";
import { own } from "../components/model/own.ts";
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
import { fitting, overlap } from "./fitting.ts";
import { layered } from "./layers.ts";
import { merge } from "./merge.ts";
import { profiles } from "./profiles.ts";
import { describeProblem, readSettings, SettingsError } from "./read.ts";
import type { Sandbox } from "./runtime.ts";
import type { StackSettings } from "./schema.ts";
import { type IssuedSecret, issuedSecrets, secretProblems } from "./secrets.ts";
import { shrunkVolumes } from "./shrinks.ts";
import { unknownNames } from "./unknown-names.ts";
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
  const read = readSettings(config);
  const given = read.settings;
  const system = given && own(systems, given.system);
  const early = given ? [...checkSystem(given, systems), ...missingCluster(given, sandbox, read.dropped)] : [];
  const lines = [...read.problems, ...early].map((problem) => describeProblem(problem, file));
  const end = () => new SettingsError([...new Set(lines)]);
  if (!given || !system) throw end();

  const laid = fitting(given, (over) => {
    const problems = unknownNames(over, system);
    return problems.length ? { problems } : check(systemSchema, layered(over, system));
  });
  const { raw: settings, value: usable } = laid;
  const dropped = [...read.dropped, ...laid.dropped];
  lines.push(...laid.problems.map((problem) => describe(problem, given, file)));
  if (!usable) throw end();

  const { delivery, problems: undelivered } = chosenDelivery(usable.gitops, settings.gitops);
  const platform = { ...platformModel(usable, settings, delivery), stack };
  const { services: _services, data: _data, volumes: _volumes, addons: _addons, ...rest } = settings;
  const { value: declared } = check(systemSchema, layered(rest, system));
  const shrunk = declared ? shrunkVolumes(declared, usable) : [];
  const together = [...undelivered, ...checkPlatform(platform), ...shrunk]
    // What does not fit together with something that was left out may fit once that is right.
    .filter(({ path }) => !dropped.some((gone) => overlap(gone, path.slice(0, 2))));
  lines.push(...together.map((problem) => describe(problem, given, file)));
  const decided = decidedTwice(settings).filter(
    ({ path: [, name = ""] }) => !dropped.some((gone) => overlap(gone, ["releases", name])),
  );
  const wrong = [
    ...secretProblems(platform, settings, { stack, sandbox, dropped }),
    ...decided,
    ...withoutEffect(settings, platform),
  ];
  lines.push(...wrong.map((problem) => describeProblem(problem, file)));
  if (lines.length) throw end();

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

function checkSystem({ system }: StackSettings, systems: Record<string, SystemInput>): Problem[] {
  if (Object.hasOwn(systems, system)) return [];
  return [{ path: ["system"], message: `there is no system "${system}"`, fix: oneOf(system, Object.keys(systems)) }];
}

function missingCluster(
  { cluster, environment }: StackSettings,
  sandbox: Sandbox | undefined,
  dropped: Problem["path"][],
): Problem[] {
  if (cluster || sandbox || environment === "dev" || dropped.some(([key]) => key === "cluster")) return [];
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
