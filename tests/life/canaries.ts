import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * A value as it is and as it stands in base64. There its letters depend on where in a group of three bytes it begins, so
 * there are three ways; letters made of bytes before or after it too are left out.
 */
export function formsOf(value: string): string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const bytes = before + Buffer.byteLength(value);
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]).toString("base64");
    return text.slice(Math.ceil((before * 4) / 3), Math.floor((bytes * 4) / 3));
  });
  return [value, ...inBase64];
}

/** In which texts a canary is found, plain or in base64. @returns `<name of the text>: <number of the canary>` */
export function findCanaries(canaries: readonly string[], texts: Record<string, string>): string[] {
  return Object.entries(texts).flatMap(([name, text]) =>
    canaries.flatMap((canary, index) =>
      formsOf(canary).some((form) => text.includes(form)) ? [`${name}: canary ${index}`] : [],
    ),
  );
}

/** All files of a folder at any depth, links not followed, by path. Bytes become letters one by one, so that no text is lost. */
export async function filesOf(folder: string, leftOut: readonly string[]): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !leftOut.some((place) => path === place || path.startsWith(`${place}/`)));
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => [path, await readFile(path, "latin1")] as const)),
  );
}
