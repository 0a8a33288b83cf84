import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, sep } from "node:path";
import { execa } from "execa";
import { fileBackend, stackIdentity } from "./checkpoint.ts";
import type { EnginePlace } from "./engine-place.ts";

/** Who holds a stack's lock, as the engine writes it down in a file backend. */
interface Lock {
  pid: number;
  hostname: string;
  timestamp: string;
}

/** An engine that is at work on a stack. */
export interface LockHolder {
  stack: string;
  pid: number;
}

interface ProjectLockHolder extends LockHolder {
  project: string;
}

/**
 * Process ids of engines on this machine that hold a lock of a stack and still live. Only a file backend tells; for any other
 * there are none, and `pulumi cancel` itself is the judge.
 */
export async function livingLockHolders(place: Pick<EnginePlace, "backend" | "cwd">, stack: string): Promise<number[]> {
  const root = fileBackend(place);
  if (root === undefined) return [];
  const { project, name } = await stackIdentity(place, stack);
  return (await lockHolders(root))
    .filter((holder) => holder.stack === name && (project === undefined || holder.project === project))
    .map(({ pid }) => pid);
}

/** The living engines that hold locks in the folder of a file backend, on this machine. */
export async function lockHolders(root: string): Promise<ProjectLockHolder[]> {
  const folder = join(root, ".pulumi", "locks");
  const files = (await readdir(folder, { recursive: true }).catch(() => [])).filter((file) => file.endsWith(".json"));
  const holders = await Promise.all(
    files.map(async (file) => {
      const lock = await readLock(join(folder, file));
      const [, stack = "", project = ""] = file.split(sep).reverse();
      return lock && (await holds(lock)) ? [{ project, stack, pid: lock.pid }] : [];
    }),
  );
  return holders.flat();
}

/** A lock as it was written; undefined for one that its engine was killed in the middle of writing. */
async function readLock(file: string): Promise<Lock | undefined> {
  try {
    const { pid, hostname: host, timestamp } = JSON.parse(await readFile(file, "utf8")) as Partial<Lock>;
    return pid && host && timestamp ? { pid, hostname: host, timestamp } : undefined;
  } catch {
    return undefined;
  }
}

/** How much later than it wrote its lock an engine may seem to have started: `ps` counts in seconds, and clocks are set. */
const toleranceSeconds = 5;

/** Whether the engine that wrote a lock still runs. Process ids are given out again: another process with its id is not it. */
async function holds({ pid, hostname: host, timestamp }: Lock): Promise<boolean> {
  if (host !== hostname()) return false;
  // A killed process that nobody has waited for still has its number: state Z.
  const {
    stdout = "",
    stderr,
    code,
    failed,
  } = await execa("ps", ["-p", String(pid), "-o", "stat=,lstart=,comm="], {
    env: { LC_ALL: "C" },
    reject: false,
    stdin: "ignore",
  });
  // Where there is no ps that knows these words, as in small containers, nobody can say whose the number is now.
  if (code !== undefined || stderr) return isGivenOut(pid);
  const [, state = "", started = "", name = ""] =
    /^(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.+)$/.exec(stdout.trim()) ?? [];
  if (failed || state.startsWith("Z") || !name.split("/").at(-1)?.startsWith("pulumi")) return false;
  return Date.parse(started) <= Date.parse(timestamp) + toleranceSeconds * 1000;
}

/** Whether there is a process with an id now. */
export function isGivenOut(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
