import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { lock } from "proper-lockfile";
import type { Log } from "./progress.ts";

/**
 * Does `work` while no other process does, by a lock file (kept fresh while the holder lives).
 * Waits for the holder; a lock whose holder died is taken over after 10 s.
 */
export async function exclusively<T>(file: string, what: string, log: Log, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  // The holder's event loop is never busy for long, so a lock is lost only when the machine slept: the work is still right then.
  const options = { stale: 10_000, realpath: false, lockfilePath: file, onCompromised: () => undefined };
  const release = await lock(dirname(file), options).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ELOCKED") throw error;
    log(`another run is at ${what}: waiting for it`);
    return lock(dirname(file), { ...options, retries: { retries: 7200, factor: 1, minTimeout: 500, maxTimeout: 500 } });
  });
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}
