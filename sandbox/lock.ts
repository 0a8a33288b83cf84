import { mkdir, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { type Log, SandboxError } from "./progress.ts";

/** What to do where another process has the lock. */
export interface WaitOptions {
  /** Asked first; throws where nobody shall wait. */
  held?: () => Promise<void>;
  /** How long to wait; default one hour, in which every tool can be built. */
  seconds?: number;
}

/** Milliseconds after which a lock that nobody keeps fresh is free. */
const stale = 10_000;
/** Milliseconds between two looks. */
const pause = 500;

/**
 * Does `work` while no other process does, by a lock file (kept fresh while the holder lives).
 * Waits for the holder; a lock whose holder died is taken over after 10 s.
 * @throws SandboxError where the holder does not end in time.
 */
export async function exclusively<T>(
  file: string,
  what: string,
  log: Log,
  work: () => Promise<T>,
  { held, seconds = 3600 }: WaitOptions = {},
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  // The holder's event loop is never busy for long, so a lock is lost only when the machine slept: the work is still right then.
  const options = { stale, realpath: false, lockfilePath: file, onCompromised: () => undefined };
  const release = await lock(file, options)
    .catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "ELOCKED") throw error;
      await held?.();
      log(`another run is at ${what}: waiting for it`);
      await removeFromFuture(file);
      const retries = { retries: (seconds * 1000) / pause, factor: 1, minTimeout: pause, maxTimeout: pause };
      return lock(file, { ...options, retries });
    })
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ELOCKED") throw error;
      throw new SandboxError(`another run is at ${what} for longer than ${seconds} s: end it, then try again`);
    });
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

/** Removes a lock that is younger than now, as a clock that was set back leaves it, where nobody keeps it fresh. */
async function removeFromFuture(file: string): Promise<void> {
  const modified = async () => (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
  const before = await modified();
  if (before <= Date.now() + stale) return;
  await sleep(stale);
  if ((await modified()) === before) await rmdir(file).catch(() => undefined);
}
