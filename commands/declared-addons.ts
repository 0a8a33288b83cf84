import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox } from "../sandbox/index.ts";
import { sandboxStackFile } from "../sandbox/project.ts";
import { SettingsError } from "../settings/read.ts";
import { stackConfiguration } from "../settings/read-stack-file.ts";
import { resolve } from "../settings/resolve.ts";
import { systems } from "../systems/index.ts";

/** What a stack says of its add-ons. One that is left out is not relied on. */
export type DeclaredAddons = Record<string, { ownership?: string; namespace?: string } | undefined>;

/** The add-ons of a stack as the program will see them. Settings with mistakes have none: the program itself says what is wrong. */
export async function declaredAddons({ paths, marker }: Sandbox, stack: string): Promise<DeclaredAddons> {
  const file = `Pulumi.${stack}.yaml`;
  const copy = await readFile(join(paths.project, file), "utf8");
  try {
    const texts = Object.entries(stackConfiguration(sandboxStackFile(copy), file)).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    return resolve({ config: Object.fromEntries(texts), stack, systems, sandbox: marker }).platform.addons;
  } catch (error) {
    if (error instanceof SettingsError) return {};
    throw error;
  }
}
