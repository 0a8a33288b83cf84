import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileBackend } from "./checkpoint.ts";
import type { EnginePlace } from "./engine-place.ts";

/** Who holds a stack's lock, as the engine writes it down in a file backend. */
interface Lock {
  pid: number;
  hostname: string;
}

/**
 * Process ids of engines on this machine that hold a lock of a stack and still live. Only a file backend tells; for any other
 * there are none, and `pulumi cancel` itself is the judge.
 */
export async function livingLockHolders(place: Pick<EnginePlace, "backend" | "cwd">, stack: string): Promise<number[]> {
  const root = fileBackend(place);
  if (root === undefined) return [];
  const files = await readdir(join(root, ".pulumi", "locks"), { recursive: true }).catch(() => []);
  const own = files.filter((file) => file.endsWith(".json") && file.split("/").at(-2) === stack);
  const locks = await Promise.all(
    own.map((file) => readFile(join(root, ".pulumi", "locks", file), "utf8").catch(() => "{}")),
  );
  return locks
    .map((text) => JSON.parse(text) as Partial<Lock>)
    .filter((lock): lock is Lock => lock.pid !== undefined && lock.hostname === hostname() && lives(lock.pid))
    .map(({ pid }) => pid);
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed process that nobody has waited for still has its number (Linux tells: state Z).
    return !existsSync(`/proc/${pid}/stat`) || !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
