import { copyFile, link, lstat, readFile, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { SandboxError } from "./progress.ts";

/*
 * Starting a sandbox that runs must not disturb who is using it: what is right already is not touched,
 * and what changes is replaced in one step.
 */

/**
 * What a JSON file of the sandbox says; undefined where there is none.
 * @throws SandboxError where it is damaged.
 */
export async function readJson<T>(file: string, valid: (value: unknown) => value is T): Promise<T | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (valid(value)) return value;
  } catch {
    // Told below.
  }
  throw new SandboxError(`${file} is damaged: remove that file, then npm run sandbox -- start`);
}

let written = 0;

/** Where what takes a file's place is made; each time another, since several may do that at once. */
function nextTo(file: string): string {
  written += 1;
  return `${file}.${process.pid}-${written}.next`;
}

/** Writes a file if its content is another, in one step. */
export async function writeIfChanged(file: string, content: string, mode = 0o644): Promise<void> {
  const isLink = (await lstat(file).catch(() => undefined))?.isSymbolicLink();
  if (!isLink && (await readFile(file, "utf8").catch(() => undefined)) === content) return;
  const next = nextTo(file);
  await writeFile(next, content, { mode });
  await rename(next, file);
}

/** Makes a symbolic link, unless it points to the target already. */
export async function symlinkIfChanged(target: string, file: string): Promise<void> {
  if ((await readlink(file).catch(() => undefined)) === target) return;
  const next = nextTo(file);
  await rm(next, { force: true });
  await symlink(target, next);
  await rename(next, file);
}

/** Makes a hard link, across disks a copy, unless the file is the target (or a copy of its size and age) already. */
export async function hardLinkIfChanged(target: string, file: string): Promise<void> {
  const [wanted, present] = await Promise.all([stat(target), lstat(file).catch(() => undefined)]);
  const sameFile = present?.dev === wanted.dev && present.ino === wanted.ino;
  const copied = present?.dev !== wanted.dev && present?.size === wanted.size && present.mtimeMs >= wanted.mtimeMs;
  if (sameFile || copied) return;
  const next = nextTo(file);
  await rm(next, { force: true });
  await link(target, next).catch(() => copyFile(target, next));
  await rename(next, file);
}
