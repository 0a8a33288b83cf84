import { mkdir, readdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { hardLinkIfChanged, symlinkIfChanged, writeIfChanged } from "./files.ts";
import type { SandboxPaths } from "./paths.ts";
import { downloadPlugins } from "./plugin-download.ts";
import { type Log, SandboxError } from "./progress.ts";
import { shellQuote } from "./shell-quote.ts";
import { findOnPath } from "./tool-installed.ts";

/** Versions of the resource plugins: those of their Node.js SDKs in package.json. */
export const pluginVersions = { kubernetes: "4.32.0", random: "4.21.1" } as const;

export type PluginKind = "official" | "stand-in";

/** What plays each part in a sandbox; `nodejs` is the language host, which runs policy packs too. */
export type PluginSet = Record<"nodejs" | "kubernetes" | "random", PluginKind>;

/** The executables of the official set. */
interface OfficialPlugins {
  languageHost: string;
  kubernetes: string;
  random: string;
}

/** Where official plugins are looked for. */
export interface PluginSearch {
  /** Environment of the caller, with the user's own Pulumi home and PATH. */
  env: NodeJS.ProcessEnv;
  /** The engine's executable: a download has the language host beside it. */
  pulumi: string;
  /** Pulumi home in the cache, for official plugins that the sandbox downloads itself. */
  cached: string;
  /** What the sandbox's state was made with. */
  previous?: PluginKind | undefined;
  log: Log;
  /** Replaced in tests. */
  download?: typeof downloadPlugins;
}

const languageHost = "pulumi-language-nodejs";

/** Looks for the official plugins in the user's Pulumi home, in the cache, beside the engine and on PATH; parts not found are left out. */
export async function findOfficial({ env, pulumi, cached }: PluginSearch): Promise<Partial<OfficialPlugins>> {
  const home = env.PULUMI_HOME || join(homedir(), ".pulumi");
  const folders = [dirname(pulumi), join(home, "bin"), env.PATH ?? ""].join(delimiter);
  const resource = (name: keyof typeof pluginVersions) => {
    const places = [home, cached].map((folder) => join(folder, "plugins", `resource-${name}-v${pluginVersions[name]}`));
    return findOnPath(`pulumi-resource-${name}`, places.join(delimiter));
  };
  const found = {
    languageHost: await findOnPath(languageHost, folders),
    kubernetes: await resource("kubernetes"),
    random: await resource("random"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, file]) => file !== undefined));
}

function isComplete(found: Partial<OfficialPlugins>): found is OfficialPlugins {
  return Object.keys(found).length === 3;
}

/** Reads `KEELSON_PLUGINS`. @throws SandboxError for another word than auto, official, stand-in. */
export function askedPlugins(env: NodeJS.ProcessEnv): PluginKind | "auto" {
  const asked = env.KEELSON_PLUGINS || "auto";
  if (asked === "auto" || asked === "official" || asked === "stand-in") return asked;
  throw new SandboxError(`KEELSON_PLUGINS is "${asked}"; it can be auto, official or stand-in`);
}

/**
 * Chooses all official plugins or all stand-ins, by `KEELSON_PLUGINS` (auto, official, stand-in). Never a mix, and in `auto` never another
 * set than the sandbox's state was made with: the engine would plan replacements.
 * @throws SandboxError when official ones are needed and some are missing.
 */
export async function choosePlugins(search: PluginSearch): Promise<OfficialPlugins | "stand-in"> {
  const { env, previous, log, download = downloadPlugins } = search;
  const asked = askedPlugins(env);
  const wish = asked === "auto" && previous !== undefined ? previous : asked;
  if (previous !== undefined && wish !== previous) {
    log(
      `The sandbox's state was made with ${previous} plugins: npm run sandbox -- reset, or the engine plans replacements`,
    );
  }
  if (wish === "stand-in") return "stand-in";
  let found = await findOfficial(search);
  if (found.languageHost !== undefined && !isComplete(found)) {
    const { languageHost: _host, ...have } = found;
    const missing = Object.entries(pluginVersions).filter(([name]) => !(name in have));
    await download(Object.fromEntries(missing), { pulumi: search.pulumi, home: search.cached, log });
    found = await findOfficial(search);
  }
  if (isComplete(found)) return found;
  if (wish === "auto") return "stand-in";
  const missing = [
    found.languageHost === undefined ? "the Node.js language host" : "",
    found.kubernetes === undefined ? `resource plugin kubernetes ${pluginVersions.kubernetes}` : "",
    found.random === undefined ? `resource plugin random ${pluginVersions.random}` : "",
  ].filter(Boolean);
  throw new SandboxError(
    `The sandbox needs the official plugins (${asked === "auto" ? "its state was made with them" : "KEELSON_PLUGINS=official"}), ` +
      `but these are missing: ${missing.join(", ")}. Install Pulumi with its language hosts, then: pulumi plugin install resource <name> <version>`,
  );
}

/** Writes a script that runs one of our stand-ins by the Node that runs now. */
function writeWrapper(checkout: string, standin: string, file: string): Promise<void> {
  const program = join(checkout, "sandbox", "standins", `${standin}.ts`);
  return writeIfChanged(file, `#!/bin/sh\nexec ${shellQuote(process.execPath)} ${shellQuote(program)} "$@"\n`, 0o755);
}

/** Installs one resource plugin: a folder with our script, or with links to all that the official one consists of. */
async function installResource(
  name: keyof typeof pluginVersions,
  choice: OfficialPlugins | "stand-in",
  checkout: string,
  paths: SandboxPaths,
): Promise<void> {
  const folder = join(paths.pulumiHome, "plugins", `resource-${name}-v${pluginVersions[name]}`);
  const executable = `pulumi-resource-${name}`;
  await mkdir(folder, { recursive: true });
  const wanted = choice === "stand-in" ? [executable] : await readdir(dirname(choice[name]));
  for (const file of await readdir(folder))
    if (!wanted.includes(file)) await rm(join(folder, file), { recursive: true });
  if (choice === "stand-in") return writeWrapper(checkout, name, join(folder, executable));
  for (const file of wanted) await symlinkIfChanged(join(dirname(choice[name]), file), join(folder, file));
}

/** Installs the chosen set into the sandbox's Pulumi home and beside its engine. */
export async function installPlugins(
  choice: OfficialPlugins | "stand-in",
  checkout: string,
  paths: SandboxPaths,
): Promise<PluginSet> {
  await mkdir(paths.bin, { recursive: true });
  await installResource("kubernetes", choice, checkout, paths);
  await installResource("random", choice, checkout, paths);
  const host = join(paths.bin, languageHost);
  // Linked hard: a link to another folder would make the engine warn at each run that its language host is elsewhere.
  if (choice === "stand-in") await writeWrapper(checkout, "language-nodejs", host);
  else await hardLinkIfChanged(choice.languageHost, host);
  const kind: PluginKind = choice === "stand-in" ? "stand-in" : "official";
  return { nodejs: kind, kubernetes: kind, random: kind };
}
