import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import semver from "semver";
import { neutralEnvironment } from "./environment.ts";
import { SandboxError } from "./progress.ts";
import type { Tool } from "./tool-catalogue.ts";

/** Whether a version as a tool prints it (`v1.36.1`, `etcd Version: 3.6.5`, `Client Version: v1.32.4-dispatcher`) is within its range. */
export function fits(tool: Pick<Tool, "fits">, printed: string): boolean {
  const found = /\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?/.exec(printed)?.[0];
  return found !== undefined && semver.satisfies(found, tool.fits);
}

/** Path of the first executable of that name on PATH, `undefined` when there is none. */
export async function findOnPath(name: string, path: string = process.env.PATH ?? ""): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const candidate = join(folder, name);
    const usable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return candidate;
  }
  return undefined;
}

function askVersion(tool: Tool, file: string, timeout: number) {
  const options = { env: neutralEnvironment(), extendEnv: false, reject: false, timeout } as const;
  return execa(file, tool.versionArguments, options);
}

/** Path of the installed tool if its version fits, else `undefined`. */
export async function findInstalled(tool: Tool, path?: string): Promise<string | undefined> {
  const file = await findOnPath(tool.name, path);
  if (file === undefined) return undefined;
  const { stdout, failed } = await askVersion(tool, file, 10_000);
  return !failed && fits(tool, stdout) ? file : undefined;
}

/** @throws SandboxError when a tool that was just downloaded or built does not run here, or is another version. */
export async function requireRuns(tool: Tool, file: string): Promise<void> {
  const { stdout, stderr, failed, shortMessage } = await askVersion(tool, file, 60_000);
  if (!failed && fits(tool, stdout)) return;
  const said = failed ? stderr.trim() || shortMessage : `it says "${stdout.trim()}"`;
  throw new SandboxError(
    `${tool.name} ${tool.version} does not run as it should, so it is not kept: ${said}\n` +
      `If the disk of ${file} lets no programs run, set KEELSON_CACHE to a folder on another one.`,
  );
}
