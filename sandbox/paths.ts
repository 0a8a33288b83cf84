import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { SandboxError } from "./progress.ts";

/** The checkout this code belongs to. */
export const ownCheckout = dirname(dirname(fileURLToPath(import.meta.url)));

/** What lives in a sandbox home. */
export interface SandboxPaths {
  /** The sandbox home itself. */
  home: string;
  /** By this file we know that the home is ours to remove. */
  tag: string;
  /** What the program reads to know that it runs in a sandbox. */
  marker: string;
  kubeconfig: string;
  /** PULUMI_HOME: plugins and credentials of the sandbox's engine. */
  pulumiHome: string;
  /** The engine's file backend. */
  state: string;
  /** First folder on PATH inside the sandbox. */
  bin: string;
  /** Folder in which `pulumi` runs. */
  project: string;
  /** Data of etcd, keys and certificates of the API server, stages of KWOK. */
  cluster: string;
  /** One log and one process id per process. */
  logs: string;
}

/** Folder for all that is kept outside the checkout: `$KEELSON_CACHE`, else `$XDG_CACHE_HOME/keelson`, else `~/.cache/keelson`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.KEELSON_CACHE) return resolve(env.KEELSON_CACHE);
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "keelson");
}

/** Folder of the tools: `<name>-<version>-<os>-<arch>/<name>`, with os and architecture by Go's names (`linux-amd64`). */
export function toolsFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(env), "tools");
}

/** What a home's path cannot have: it ends a path within a URL, a list of URLs or PATH, or etcd decodes it. */
export const unusable = /[%#?,:\p{Cc}]/u;

/** Folder of the homes that no variable names. */
export function homesFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(env), "sandboxes");
}

/** Home of a checkout's sandbox; `KEELSON_SANDBOX_HOME` overrides it. */
export function sandboxHome(checkout: string, env: NodeJS.ProcessEnv = process.env): string {
  if (env.KEELSON_SANDBOX_HOME) return resolve(env.KEELSON_SANDBOX_HOME);
  const digest = createHash("sha256").update(checkout).digest("hex").slice(0, 8);
  const name = basename(checkout).replaceAll(new RegExp(unusable, "gu"), "-");
  return join(homesFolder(env), `${name}-${digest}`);
}

const small = join("sandbox", "charts");

/** Folder of a checkout's small charts, which stand in for the real ones. */
export function smallCharts(checkout: string): string {
  return join(checkout, small);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Folder with one folder per chart: that of `KEELSON_SANDBOX_CHARTS`; else the one that was asked for when the sandbox was started before,
 * since with others an update of what is deployed would replace half of it; else the checkout's small charts.
 * @throws SandboxError where the variable names no folder.
 */
export function chartsFolder(checkout: string, env: NodeJS.ProcessEnv = process.env, previous?: string): string {
  if (!env.KEELSON_SANDBOX_CHARTS) {
    const asked = previous !== undefined && !previous.endsWith(small);
    return asked && isFolder(previous) ? previous : smallCharts(checkout);
  }
  const folder = resolve(env.KEELSON_SANDBOX_CHARTS);
  if (isFolder(folder)) return folder;
  throw new SandboxError(
    `KEELSON_SANDBOX_CHARTS is "${env.KEELSON_SANDBOX_CHARTS}"; it must be a folder with the charts`,
  );
}

/** Where things are in a sandbox home. */
export function sandboxPaths(home: string): SandboxPaths {
  return {
    home,
    tag: join(home, "keelson-sandbox.txt"),
    marker: join(home, "sandbox.json"),
    kubeconfig: join(home, "kubeconfig"),
    pulumiHome: join(home, "pulumi"),
    state: join(home, "state"),
    bin: join(home, "bin"),
    project: join(home, "project"),
    cluster: join(home, "cluster"),
    logs: join(home, "logs"),
  };
}
