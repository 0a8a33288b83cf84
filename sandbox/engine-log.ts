import { lstat, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SandboxPaths } from "./paths.ts";

/**
 * Keeps the engine from writing a debug log of each run. Since 2026 it compresses and encrypts every message into
 * `$PULUMI_HOME/logs`, up to 500 MB of them, and offers no switch; that is five sixths of its work in a preview of a stack with
 * CRDs (docs/benchmarks.md). Where the folder cannot be made because a file is in its place, it goes on without.
 */
export async function preventEngineLog({ pulumiHome }: Pick<SandboxPaths, "pulumiHome">): Promise<void> {
  const logs = join(pulumiHome, "logs");
  if ((await lstat(logs).catch(() => undefined))?.isFile()) return;
  await mkdir(pulumiHome, { recursive: true });
  await rm(logs, { recursive: true, force: true });
  await writeFile(logs, "");
}
