import { spawn } from "node:child_process";
import { open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { neutralEnvironment } from "./environment.ts";

/** A process that outlives the command which starts it. */
export interface ProcessSpec {
  /** Name of its log and of the file with its process id. */
  name: string;
  command: string;
  arguments: readonly string[];
}

function pidFile(logs: string, name: string): string {
  return join(logs, `${name}.pid`);
}

async function commandLine(pid: number): Promise<string | undefined> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  if (fromProc !== undefined) return fromProc.replaceAll("\0", " ");
  if (process.platform === "linux") return undefined;
  const { stdout, failed } = await execa("ps", ["-p", String(pid), "-o", "command="], { reject: false });
  return failed ? undefined : stdout;
}

/**
 * Process id of a started process, `undefined` when it does not run.
 * Process ids are given out again: only a process whose command line names the sandbox counts.
 */
export async function runningPid(logs: string, name: string): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile(logs, name), "utf8").catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const line = await commandLine(pid);
  return line?.includes(join(logs, "..")) ? pid : undefined;
}

/** Starts a process in the background; its output goes to `<logs>/<name>.log`, replacing that of the run before. */
export async function startProcess(spec: ProcessSpec, logs: string): Promise<number> {
  const log = await open(join(logs, `${spec.name}.log`), "w", 0o600);
  try {
    const child = spawn(spec.command, spec.arguments, {
      cwd: logs,
      env: neutralEnvironment(),
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    const pid = child.pid as number;
    // For a moment after its start a process has no command line yet, by which it is known to run; on a busy machine that lasts.
    while (child.exitCode === null && child.signalCode === null && (await commandLine(pid)) === "") await sleep(5);
    child.unref();
    await writeFile(pidFile(logs, spec.name), String(pid));
    return pid;
  } finally {
    await log.close();
  }
}

/** Ends a process: asks for 10 s, then kills. Does nothing when it does not run. */
export async function stopProcess(logs: string, name: string): Promise<void> {
  const pid = await runningPid(logs, name);
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    const deadline = performance.now() + 10_000;
    while ((await runningPid(logs, name)) !== undefined) {
      if (performance.now() > deadline) process.kill(pid, "SIGKILL");
      await sleep(50);
    }
  }
  await rm(pidFile(logs, name), { force: true });
}

/** The last lines of a process's log. */
export async function logTail(logs: string, name: string, lines = 5): Promise<string> {
  const text = await readFile(join(logs, `${name}.log`), "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}
