import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** A package that the program has installed. */
export interface InstalledPackage {
  name: string;
  version: string;
  /** What its package.json says about the Pulumi plugin that belongs to it. */
  pulumi: { resource?: boolean; name?: string; version?: string; server?: string };
}

/** A resource plugin that an installed package needs. */
export interface RequiredPlugin {
  name: string;
  version: string;
  server: string;
}

/**
 * The resource plugins of every package installed for a program, workspaces and nested `node_modules` included. A
 * policy pack's packages are not the program's.
 */
export function requiredPlugins(programDirectory: string): RequiredPlugin[] {
  const found = new Map<string, RequiredPlugin>();
  for (const { name, version, pulumi } of installedPackages(programDirectory)) {
    if (pulumi.resource !== true) continue;
    const plugin = pulumi.name ?? (name.startsWith("@pulumi/") ? name.slice("@pulumi/".length) : undefined);
    if (plugin === undefined) continue;
    const required = {
      name: plugin,
      version: `v${(pulumi.version ?? version).replace(/^v/, "")}`,
      server: pulumi.server ?? "",
    };
    found.set(`${required.name} ${required.version}`, required);
  }
  return [...found.values()];
}

/** Every package installed under a folder, each once. */
export function installedPackages(directory: string, visited = new Set<string>()): InstalledPackage[] {
  const modules = join(directory, "node_modules");
  if (!existsSync(modules)) return [];
  return readdirSync(modules)
    .flatMap((entry) =>
      entry.startsWith("@") ? readdirSync(join(modules, entry)).map((name) => join(entry, name)) : [entry],
    )
    .filter((entry) => !entry.startsWith("."))
    .flatMap((entry) => {
      const folder = resolved(join(modules, entry));
      if (folder === undefined || visited.has(folder) || existsSync(join(folder, "PulumiPolicy.yaml"))) return [];
      visited.add(folder);
      const own = read(folder);
      return own ? [own, ...installedPackages(folder, visited)] : [];
    });
}

/** The real path, or undefined for a link to nothing. */
function resolved(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function read(folder: string): InstalledPackage | undefined {
  try {
    const { name = "", version = "", pulumi } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return { name, version, pulumi: typeof pulumi === "object" && pulumi !== null ? pulumi : {} };
  } catch {
    return undefined;
  }
}
