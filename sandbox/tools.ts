import { mkdir, readdir, readFile, rename, rm, rmdir, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exclusively } from "./lock.ts";
import { elapsed, type Log, SandboxError, withHeartbeat } from "./progress.ts";
import { buildTool } from "./tool-build.ts";
import { type Tool, target, tools } from "./tool-catalogue.ts";
import { type DownloadOptions, downloadTool, UnreachableError } from "./tool-download.ts";
import { findInstalled, findOnPath, requireRuns } from "./tool-installed.ts";

/** Where a tool may come from; `auto` tries installed, download and build in this order. */
export type ToolSource = "auto" | "installed" | "download" | "build";

/** How tools are provided. */
export interface ToolOptions extends DownloadOptions {
  /** Folder in which downloaded and built tools are kept. */
  folder: string;
  log: Log;
  /** Default `auto`. */
  source?: ToolSource;
  /** PATH to look for installed tools in. */
  path?: string;
  /** Default: all of the catalogue. */
  tools?: readonly Tool[];
  /** Builds one tool; replaced in tests. */
  build?: (tool: Tool, folder: string) => Promise<void>;
}

/** Reads `KEELSON_TOOLS`. @throws SandboxError for another word than auto, installed, download, build. */
export function toolSource(env: NodeJS.ProcessEnv = process.env): ToolSource {
  const word = env.KEELSON_TOOLS || "auto";
  if (word === "auto" || word === "installed" || word === "download" || word === "build") return word;
  throw new SandboxError(`KEELSON_TOOLS is "${word}"; it can be auto, installed, download or build`);
}

/** Reads `KEELSON_TOOLS_MIRROR`. @throws SandboxError where it is no address. */
export function toolsMirror(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const address = env.KEELSON_TOOLS_MIRROR || undefined;
  if (address === undefined || (/^https?:\/\//.test(address) && URL.canParse(address))) return address;
  throw new SandboxError(`KEELSON_TOOLS_MIRROR is "${address}"; it must be an address such as https://${address}`);
}

function kept(tool: Tool, folder: string): string {
  return join(folder, `${tool.name}-${tool.version}-${target.os}-${target.arch}`);
}

/** File with the size of an executable, written beside it when it is complete. */
function sizeFile(executable: string): string {
  return `${executable}.size`;
}

/** Whether a tool is kept, and undamaged as far as its size tells. One that was kept before sizes were is taken for that. */
async function isKept(tool: Tool, folder: string): Promise<boolean> {
  const file = await findOnPath(tool.name, kept(tool, folder));
  if (file === undefined) return false;
  const size = await readFile(sizeFile(file), "utf8").catch(() => undefined);
  return size === undefined || Number(size) === (await stat(file)).size;
}

/** @throws SandboxError when the folder's disk has less room than needed. */
export async function requireDisk(folder: string, mebibytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  if (free < mebibytes) {
    throw new SandboxError(
      `${folder} has ${free} MiB of disk free, ${mebibytes} MiB are needed: make room, or set KEELSON_CACHE to a folder on another disk`,
    );
  }
}

/** Downloads or builds one tool into a folder of its own, and moves that to its place only when it is complete and runs. */
async function obtain(tool: Tool, step: string, options: ToolOptions): Promise<void> {
  const { folder, log, source = "auto", build = buildTool } = options;
  const unfinished = `${kept(tool, folder)}.unfinished`;
  const fresh = async () => {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
  };
  const what = `${step} ${tool.name} ${tool.version}`;
  const started = performance.now();
  if ((await findOnPath(tool.name, kept(tool, folder))) !== undefined) {
    log(`${what}: the kept one is damaged, another takes its place`);
  }
  const finish = async (how: string) => {
    const file = join(unfinished, tool.name);
    await requireRuns(tool, file);
    await writeFile(sizeFile(file), String((await stat(file)).size));
    await rm(kept(tool, folder), { recursive: true, force: true });
    await rename(unfinished, kept(tool, folder));
    log(`${what}: ${how} in ${elapsed(started)}`);
  };
  let reason = "";
  if (source !== "build") {
    try {
      await fresh();
      await requireDisk(folder, tool.download.disk);
      await downloadTool(tool, unfinished, options);
      return await finish("downloaded");
    } catch (error) {
      if (!(error instanceof UnreachableError) || source === "download") throw error;
      reason = `${error.message}; `;
    }
  }
  await fresh();
  await requireDisk(folder, tool.build.disk);
  log(`${what}: ${reason}building it from its Go module (needs up to ${tool.build.disk} MiB of disk)`);
  await withHeartbeat(log, what, () => build(tool, unfinished));
  await finish("built");
}

/**
 * Provides every tool: an installed one whose version fits, else the kept, else the official download, else a build of its Go module.
 * @returns path of each executable by its name.
 * @throws SandboxError when a tool cannot be had.
 */
export async function provideTools(options: ToolOptions): Promise<Map<string, string>> {
  const { folder, log, source = "auto", path, tools: wanted = tools } = options;
  const found = new Map<string, string>();
  const missing: Tool[] = [];
  await Promise.all(
    wanted.map(async (tool) => {
      const installed = source === "auto" || source === "installed" ? await findInstalled(tool, path) : undefined;
      if (installed !== undefined) found.set(tool.name, installed);
      else if (source !== "installed" && (await isKept(tool, folder)))
        found.set(tool.name, join(kept(tool, folder), tool.name));
      else missing.push(tool);
    }),
  );
  if (missing.length === 0) return found;
  if (source === "installed") {
    const list = missing.map((tool) => `${tool.name} ${tool.fits}`).join(", ");
    throw new SandboxError(`KEELSON_TOOLS=installed, but PATH has none that fits of: ${list}`);
  }
  missing.sort((a, b) => wanted.indexOf(a) - wanted.indexOf(b));
  const names = missing.map((tool) => tool.name).join(", ");
  log(
    `Tools to get, this first time only: ${names}; kept in ${folder}. Where all are built, that takes about 10 min on two cores`,
  );
  const unreachable = options.unreachable ?? new Set<string>();
  await exclusively(join(folder, ".lock"), `getting tools in ${folder}`, log, async () => {
    for (const [index, tool] of missing.entries()) {
      // Another run may have got it while this one waited.
      if (!(await isKept(tool, folder)))
        await obtain(tool, `[${index + 1}/${missing.length}]`, { ...options, unreachable });
      found.set(tool.name, join(kept(tool, folder), tool.name));
    }
  });
  return found;
}

/** Removes all kept tools, of other versions too, and nothing else that may be in their folder: a variable names it. */
export async function removeTools(folder: string): Promise<void> {
  const names = tools.map(({ name }) => name).join("|");
  const ours = new RegExp(`^(?:${names})-\\d[^-]*-${target.os}-${target.arch}(?:\\.unfinished)?$`);
  const entries: string[] = await readdir(folder).catch(() => []);
  for (const entry of entries.filter((name) => ours.test(name)))
    await rm(join(folder, entry), { recursive: true, force: true });
  await rmdir(folder).catch(() => undefined);
}
