import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { SettingsError } from "./read.ts";
import { readYaml } from "./yaml.ts";

/** The configuration in a stack file, encrypted values as they stand there. @throws SettingsError where the file cannot be used */
export async function readStackFile(path: string): Promise<Record<string, unknown>> {
  const file = basename(path);
  const text = await readFile(path, "utf8").catch(({ code }: NodeJS.ErrnoException) => {
    throw new SettingsError([
      code === "ENOENT"
        ? `${file}: there is no such stack file; npm run new-stack writes one`
        : `${file}: cannot be read (${code}); give a file that you may read`,
    ]);
  });
  return stackConfiguration(text, file);
}

/** The configuration in the text of a stack file. @throws SettingsError where there is none to be had */
export function stackConfiguration(text: string, file: string): Record<string, unknown> {
  const read = readYaml(text);
  if ("mistake" in read)
    throw new SettingsError([`${file}: ${read.mistake}; give one mapping of keys, with config: in it`]);
  const { config } = mapping(read.value, `${file}: `);
  return mapping(config, `${file}: config: `);
}

/** A mapping; an empty one where nothing is written. */
function mapping(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === "object" && !Array.isArray(value)) return { ...value };
  if (value === undefined) return {};
  throw new SettingsError([`${place}has the wrong type; give a mapping of keys`]);
}
