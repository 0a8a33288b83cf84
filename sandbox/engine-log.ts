import { lstat, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SandboxPaths } from "./paths.ts";

/**
 * Keeps the engine from writing a debug log of each run. Since 2026 it compresses and encrypts every message into
 * `$PULUMI_HOME/logs`, up to 500 MB of them, and offers no switch; in a preview of CodeLab's production that was 7.4 of the
 * engine's 8.8 seconds of CPU. Where the folder cannot be made because a file is in its place, it goes on without.
 */
export async function preventEngineLog({ pulumiHome }: Pick<SandboxPaths, "pulumiHome">): Promise<void> {
  const logs = join(pulumiHome, "logs");
  if ((await lstat(logs).catch(() => undefined))?.isFile()) return;
  await mkdir(pulumiHome, { recursive: true });
  await rm(logs, { recursive: true, force: true });
  await writeFile(logs, "");
}
