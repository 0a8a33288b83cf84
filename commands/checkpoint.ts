import { existsSync } from "node:fs";
import { glob, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { projectName } from "../sandbox/engine.ts";
import type { EnginePlace } from "./engine-place.ts";

/** Folder of a file backend, as the engine finds it; undefined for any other. */
export function fileBackend({ backend, cwd }: Pick<EnginePlace, "backend" | "cwd">): string | undefined {
  const [, path] = /^file:\/\/([^?]*)/.exec(backend) ?? [];
  if (path === undefined) return undefined;
  return path.startsWith("~") ? join(homedir(), path.slice(1)) : resolve(cwd, decodeURIComponent(path));
}

/** Project and name of a stack, by which its files in a backend are found; no project where neither its name nor a Pulumi.yaml says one. */
export async function stackIdentity(
  { cwd }: Pick<EnginePlace, "cwd">,
  stack: string,
): Promise<{ project: string | undefined; name: string }> {
  const [name = stack, project] = stack.split("/").reverse();
  // Of two words, the first is an organisation.
  return { name, project: stack.split("/").length > 2 ? project : await projectName(cwd) };
}

/** What of a stack's checkpoint was mended. */
export type Mended = "nothing" | "attributes" | "checkpoint";

/**
 * Mends a stack's checkpoint that the engine was killed in the middle of writing. In a file backend it puts a new checkpoint in
 * place whole, but first writes the attributes beside it (content type, checksum), and a kill in that moment leaves them empty:
 * they are removed, for it can do without. Where the checkpoint itself is cut off, as by a machine that lost its power, the one
 * before, which the engine keeps beside it, is put in its place. Other backends write a checkpoint whole or not at all.
 * @throws where the checkpoint cannot be read and there is none before it.
 */
export async function mendCheckpoint(place: Pick<EnginePlace, "backend" | "cwd">, stack: string): Promise<Mended> {
  const root = fileBackend(place);
  let mended: Mended = "nothing";
  if (root === undefined) return mended;
  const { project = "*", name } = await stackIdentity(place, stack);
  for await (const file of glob(join(root, ".pulumi", "stacks", project, `${name}.json`))) {
    if (!(await isWhole(`${file}.attrs`)) && existsSync(`${file}.attrs`)) {
      await rm(`${file}.attrs`);
      mended = "attributes";
    }
    if (await isWhole(file)) continue;
    if (!(await isWhole(`${file}.bak`)))
      throw new Error(`${file} cannot be read, and there is no ${file}.bak that can`);
    await rm(`${file}.attrs`, { force: true });
    await writeFile(`${file}.mended`, await readFile(`${file}.bak`));
    await rename(`${file}.mended`, file);
    mended = "checkpoint";
  }
  return mended;
}

async function isWhole(file: string): Promise<boolean> {
  try {
    return typeof JSON.parse(await readFile(file, "utf8")) === "object";
  } catch {
    return false;
  }
}
