import { createHmac } from "node:crypto";
import { z } from "zod";
import { own } from "../components/model/own.ts";
import { oneOf } from "../components/model/problems.ts";
import type { PlatformModel, Problem } from "../components/model/system.ts";
import { veleroCredentials } from "../components/model/velero.ts";
import { overlap } from "./fitting.ts";
import type { Sandbox } from "./runtime.ts";
import type { StackSettings } from "./schema.ts";

/** A secret that others issued. */
export interface IssuedSecret {
  value: string;
  /** Changes when the value does and tells nothing of it, so that pods can be rolled by it. */
  fingerprint: string;
}

/** What others issue for the system's own Secrets, by name. */
function systemSecrets({ secrets, data }: Pick<PlatformModel, "secrets" | "data">): string[] {
  const named = Object.values(secrets).flatMap((keys) =>
    Object.values(keys).flatMap((source) => ("config" in source ? [source.config] : [])),
  );
  const managed = Object.entries(data).flatMap(([name, store]) => (store.existing ? [`${name}-password`] : []));
  return [...named, ...managed];
}

/**
 * The config keys that a platform's secrets need. With a secret store, the system's own are in it; image pull Secrets stay in the
 * configuration, because the operator's own pods may need them, and so do an add-on's, which live in its own namespace.
 */
export function neededSecrets(
  platform: Pick<PlatformModel, "secrets" | "data" | "pullSecrets" | "secretStore" | "addons" | "delivery">,
): string[] {
  // Who delivers the system gives it its secrets.
  if (platform.delivery) return [];
  const own = platform.secretStore ? [] : systemSecrets(platform);
  const addons = platform.addons.velero?.ownership === "own" ? [veleroCredentials] : [];
  return [...new Set([...own, ...platform.pullSecrets, ...addons])].sort();
}

/** Secrets that are missing, that nothing reads, and such as cannot be what they are for. */
export function secretProblems(
  platform: PlatformModel,
  settings: StackSettings,
  { stack, sandbox, dropped }: { stack: string; sandbox: Sandbox | undefined; dropped: Problem["path"][] },
): Problem[] {
  const touched = (...path: string[]) => dropped.some((gone) => overlap(gone, path));
  const managed = Object.keys(platform.data).some((name) => touched("data", name, "existing"));
  // While what decides on them is not right itself, nobody knows which secrets are needed.
  const undecided = managed || touched("gitops") || touched("secretStore") || touched("addons", "velero");
  const missing = undecided || sandbox || settings.gitops ? [] : missingSecrets(platform, settings, stack);
  return [
    ...missing.filter(({ path: [, name = ""] }) => !touched("secrets", String(name))),
    ...(undecided || touched("pullSecrets") ? [] : extraSecrets(platform, settings)),
    ...(undecided ? [] : misplacedSecrets(platform, settings)),
    ...wrongPullSecrets(settings),
  ];
}

/** Secrets that somebody else issues and the stack does not have yet. */
function missingSecrets(platform: PlatformModel, settings: StackSettings, stack: string): Problem[] {
  return neededSecrets(platform)
    .filter((name) => !Object.hasOwn(settings.secrets, name))
    .map((name) => ({
      path: ["secrets", name],
      message: "is missing: a secret that somebody else issues",
      fix: `pulumi config set --stack ${stack} --secret --path 'keelson:secrets["${name}"]'`,
    }));
}

function extraSecrets(platform: PlatformModel, settings: StackSettings): Problem[] {
  const needed = neededSecrets(platform);
  return Object.keys(settings.secrets)
    .filter((name) => !needed.includes(name))
    .map((name) => {
      const path = ["secrets", name];
      if (platform.delivery)
        return {
          path,
          message: "is not used: the stack hands its system over",
          fix: "remove it here, or remove keelson:gitops",
        };
      return systemSecrets(platform).includes(name)
        ? { path, message: "comes from the secret store", fix: "remove it here, or remove keelson:secretStore" }
        : { path, message: "nothing uses this secret", fix: oneOf(name, needed) };
    });
}

/** Places in the store for secrets that the system does not have. */
function misplacedSecrets(platform: PlatformModel, { secretStore }: StackSettings): Problem[] {
  const known = systemSecrets(platform);
  return Object.keys(secretStore?.places ?? {})
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: ["secretStore", "places", name],
      message: "nothing uses this secret",
      fix: oneOf(name, known),
    }));
}

/** Pull Secrets that are no Docker configuration; the API server would refuse them half-way through an update. */
function wrongPullSecrets({ pullSecrets, secrets }: StackSettings): Problem[] {
  return pullSecrets
    .filter((name) => Object.hasOwn(secrets, name) && !dockerConfiguration.safeParse(secrets[name]).success)
    .map((name) => ({
      path: ["secrets", name],
      message: "is no Docker configuration",
      fix: 'the content of a config.json with "auths", as `docker login` writes it',
    }));
}

const dockerConfiguration = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue("no JSON");
      return z.NEVER;
    }
  })
  .pipe(z.object({ auths: z.record(z.string(), z.unknown()) }));

/** The values of all needed secrets; those that are missing get a placeholder, which only the sandbox lets through. */
export function issuedSecrets(
  platform: PlatformModel,
  { secrets, system }: StackSettings,
): { secrets: Record<string, IssuedSecret>; placeholders: string[] } {
  const placeholders: string[] = [];
  const entries = neededSecrets(platform).map((name) => {
    const placeholder = platform.pullSecrets.includes(name) ? '{"auths":{}}' : `sandbox-placeholder-${name}`;
    const given = own(secrets, name);
    const value = given ?? placeholder;
    if (given === undefined) placeholders.push(name);
    return [
      name,
      { value, fingerprint: createHmac("sha256", `${system}/${name}`).update(value).digest("hex").slice(0, 12) },
    ] as const;
  });
  return { secrets: Object.fromEntries(entries), placeholders };
}
