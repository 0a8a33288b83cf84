import { realpathSync } from "node:fs";
import { access, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative, resolve } from "node:path";
import { writeIfChanged } from "./files.ts";
import { cacheFolder, type SandboxPaths, unusable } from "./paths.ts";
import { SandboxError } from "./progress.ts";

/*
 * A variable names the sandbox's home, and `reset` and `clean` remove it with all that is in it. So only a folder that was new
 * or empty becomes one; it gets a file that says whose it is, and no folder without that file is removed.
 */

const tagText = `This folder is a sandbox of Keelson: npm run sandbox -- clean removes it with all that is in it, reset empties it.
Without this file they leave it alone.
`;
/** Begins the line of the tag that says whose the sandbox is. */
const checkoutIs = "Checkout: ";

/** Longest path of a Unix socket, in bytes (unix(7); macOS allows four fewer). */
const longestSocket = process.platform === "linux" ? 107 : 103;
/** etcd's socket within the home, see control-plane.ts. */
const socket = "/cluster/e";

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

function holds(folder: string, inner: string): boolean {
  const way = relative(realPath(folder), realPath(inner));
  return way !== ".." && !way.startsWith("../");
}

/** @throws SandboxError for a home in which no sandbox could run, or with which more than a sandbox would be removed. */
export function checkHome(home: string, checkout: string, env: NodeJS.ProcessEnv = process.env): void {
  const refuse = (what: string) => {
    throw new SandboxError(`the sandbox's home ${home} ${what}: set KEELSON_SANDBOX_HOME to a folder of its own`);
  };
  const others = { "your home folder": homedir(), "the checkout": checkout, "Keelson's cache": cacheFolder(env) };
  for (const [name, folder] of Object.entries(others))
    if (holds(home, folder)) refuse(`${realPath(home) === realPath(folder) ? "is" : "holds"} ${name}`);
  const [character] = unusable.exec(home) ?? [];
  if (character !== undefined)
    refuse(`has a ${JSON.stringify(character)} in its path, which addresses of etcd and the engine cannot take`);
  const most = longestSocket - socket.length;
  if (Buffer.byteLength(home) > most)
    refuse(`is ${Buffer.byteLength(home)} bytes long, and the path of etcd's socket leaves room for ${most}`);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** What a home is: not there, empty, a sandbox of ours, or something else. */
async function stateOf({ home, tag, bin, cluster }: SandboxPaths): Promise<"missing" | "empty" | "ours" | "foreign"> {
  if (await exists(tag)) return "ours";
  // A sandbox of before there was a tag; each that was ever started has these two.
  if ((await exists(join(bin, "pulumi"))) && (await exists(join(cluster, "stages.yaml")))) return "ours";
  try {
    return (await readdir(home)).length === 0 ? "empty" : "foreign";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "missing" : "foreign";
  }
}

/** Makes a home for a checkout, or takes the one that is there. @throws SandboxError for a folder with something else in it. */
export async function claimHome(paths: SandboxPaths, checkout: string): Promise<void> {
  if ((await stateOf(paths)) === "foreign")
    throw new SandboxError(
      `${paths.home} is not empty and no sandbox of ours: set KEELSON_SANDBOX_HOME to a new or empty folder`,
    );
  await mkdir(paths.home, { recursive: true });
  await writeIfChanged(paths.tag, `${tagText}${checkoutIs}${checkout}\n`);
}

/** The checkout that a home's tag says it is of; undefined where it says none. */
export function checkoutIn(tag: string): string | undefined {
  const line = tag.split("\n").find((one) => one.startsWith(checkoutIs));
  return line?.slice(checkoutIs.length);
}

/** Whether there is a home. @throws SandboxError for a folder that is not ours to change. */
export async function hasHome(paths: SandboxPaths): Promise<boolean> {
  const state = await stateOf(paths);
  if (state === "missing") return false;
  if (state !== "ours") throw new SandboxError(`${paths.home} is no sandbox of ours; nothing was changed`);
  return true;
}

/** Removes a home; its tag goes last, so that one whose removal was interrupted can be removed again. */
export async function removeHome(paths: SandboxPaths): Promise<void> {
  if (!(await hasHome(paths))) return;
  if (!(await exists(paths.tag))) await writeFile(paths.tag, tagText);
  for (const entry of await readdir(paths.home)) {
    const path = join(paths.home, entry);
    if (path !== paths.tag) await rm(path, { recursive: true, force: true });
  }
  await rm(paths.home, { recursive: true, force: true });
}
