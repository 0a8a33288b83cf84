import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import semver from "semver";
import { neutralEnvironment } from "./environment.ts";
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

/** Path of the installed tool if its version fits, else `undefined`. */
export async function findInstalled(tool: Tool, path?: string): Promise<string | undefined> {
  const file = await findOnPath(tool.name, path);
  if (file === undefined) return undefined;
  const options = { env: neutralEnvironment(), extendEnv: false, reject: false, timeout: 10_000 } as const;
  const { stdout, failed } = await execa(file, tool.versionArguments, options);
  return !failed && fits(tool, stdout) ? file : undefined;
}
