import { rm } from "node:fs/promises";
import { readJson, writeIfChanged } from "../sandbox/files.ts";
import { SandboxError } from "../sandbox/index.ts";
import { exclusively } from "../sandbox/lock.ts";
import { ownCheckout, sandboxHome, sandboxPaths } from "../sandbox/paths.ts";
import type { Log } from "../sandbox/progress.ts";
import { isGivenOut, type LockHolder, lockHolders } from "./stack-lock.ts";

/*
 * The sandbox is one cluster: which stack owns its add-ons is read before an update and true only after it, and a sandbox must not
 * be ended under an update. So one deployment at a time, by a lock beside the sandbox's home. Engines that are run in its shell
 * have only the locks of their own.
 */

const home = sandboxHome(ownCheckout);
const lockFile = `${home}.deployment.lock`;
/** Who has the lock. */
const record = `${home}.deployment.json`;
const what = "a deployment into this sandbox";

/** Does `work`, which deploys a stack into the sandbox, while nobody else deploys, stops or empties it. Waits for the others. */
export function deploying<T>(stack: string, log: Log, work: () => Promise<T>): Promise<T> {
  return exclusively(lockFile, what, log, async () => {
    await refuse(await enginesAtWork());
    await writeIfChanged(record, JSON.stringify({ stack, pid: process.pid } satisfies LockHolder));
    try {
      return await work();
    } finally {
      await rm(record, { force: true });
    }
  });
}

/** Does `work` while nobody deploys into the sandbox. @throws SandboxError at once where somebody does. */
export function whileIdle<T>(log: Log, work: () => Promise<T>): Promise<T> {
  const held = async () => refuse([...(await enginesAtWork()), ...(await deployment())]);
  return exclusively(
    lockFile,
    what,
    log,
    async () => {
      await refuse(await enginesAtWork());
      return work();
    },
    { held },
  );
}

function refuse([running]: LockHolder[]): void {
  if (running)
    throw new SandboxError(`an update of stack ${running.stack} runs (process ${running.pid}): end it first`);
}

function enginesAtWork(): Promise<LockHolder[]> {
  return lockHolders(sandboxPaths(home).state);
}

/** The deployment that has the lock, where it still lives. */
async function deployment(): Promise<LockHolder[]> {
  const holder = await readJson(record, (value): value is LockHolder => {
    const { stack, pid } = (value ?? {}) as Partial<LockHolder>;
    return typeof stack === "string" && typeof pid === "number";
  });
  return holder && isGivenOut(holder.pid) ? [holder] : [];
}
