import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Sandbox } from "../sandbox/index.ts";
import { sandboxStackFile } from "../sandbox/project.ts";
import { SettingsError } from "../settings/read.ts";
import { resolve } from "../settings/resolve.ts";
import { systems } from "../systems/index.ts";

/** What a stack says of its add-ons. One that is left out is not relied on. */
export type DeclaredAddons = Record<string, { ownership?: string; namespace?: string } | undefined>;

/** The add-ons of a stack as the program will see them. Settings with mistakes have none: the program itself says what is wrong. */
export async function declaredAddons({ paths, marker }: Sandbox, stack: string): Promise<DeclaredAddons> {
  const copy = await readFile(join(paths.project, `Pulumi.${stack}.yaml`), "utf8");
  const { config = {} } = parse(sandboxStackFile(copy)) as { config?: Record<string, unknown> };
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  try {
    return resolve({ config: Object.fromEntries(texts), stack, systems, sandbox: marker }).platform.addons;
  } catch (error) {
    if (error instanceof SettingsError) return {};
    throw error;
  }
}
