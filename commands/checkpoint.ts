import { glob, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of a file backend; undefined for any other. */
export function fileBackend(env: NodeJS.ProcessEnv): string | undefined {
  const url = env.PULUMI_BACKEND_URL ?? "";
  if (!url.startsWith("file://")) return undefined;
  return url.startsWith("file://~") ? join(homedir(), url.slice("file://~".length)) : fileURLToPath(url);
}

/**
 * Mends a stack's checkpoint that the engine was killed in the middle of writing: puts the one before in its place, which the
 * engine keeps beside it. What the lost one would have said had not begun to happen, or is still told of as begun in the one
 * before. Only a file backend is mended; others write a checkpoint whole or not at all.
 * @returns whether there was something to mend.
 * @throws where the checkpoint cannot be read and there is none before it.
 */
export async function mendCheckpoint(env: NodeJS.ProcessEnv, stack: string): Promise<boolean> {
  const root = fileBackend(env);
  if (root === undefined) return false;
  for await (const file of glob(join(root, ".pulumi", "stacks", "*", `${stack}.json`))) {
    if (await isWhole(file)) continue;
    if (!(await isWhole(`${file}.bak`)))
      throw new Error(`${file} cannot be read, and there is no ${file}.bak that can`);
    await writeFile(`${file}.mended`, await readFile(`${file}.bak`));
    await rename(`${file}.mended`, file);
    return true;
  }
  return false;
}

async function isWhole(file: string): Promise<boolean> {
  try {
    return typeof JSON.parse(await readFile(file, "utf8")) === "object";
  } catch {
    return false;
  }
}
