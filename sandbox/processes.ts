import { spawn } from "node:child_process";
import { type FileHandle, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { neutralEnvironment } from "./environment.ts";
import { SandboxError } from "./progress.ts";

/** A process that outlives the command which starts it. */
export interface ProcessSpec {
  /** Name of its log and of the file with its process id; that of its executable. */
  name: string;
  command: string;
  /** One at least names a file in the sandbox's home: by that the process is known. */
  arguments: readonly string[];
}

function pidFile(logs: string, name: string): string {
  return join(logs, `${name}.pid`);
}

/** A process's words: with a NUL between them on Linux, elsewhere with a space. */
async function commandLine(pid: number): Promise<string | undefined> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  if (fromProc !== undefined || process.platform === "linux") return fromProc;
  const { stdout, failed } = await execa("ps", ["-p", String(pid), "-o", "command="], { reject: false });
  return failed ? undefined : stdout;
}

async function allPids(): Promise<number[]> {
  if (process.platform === "linux") return (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const { stdout } = await execa("ps", ["-A", "-o", "pid="], { reject: false });
  return (stdout ?? "").split("\n").map(Number);
}

/** Whether a command line has a word, or the value of a flag, that is a file in this home. */
function isOf(home: string, line: string | undefined): boolean {
  return ["\0", " ", "=", "://"].some((before) => line?.includes(`${before}${home}/`));
}

function executable(line: string): string {
  return basename(line.split(/\0| --/, 1)[0] ?? "");
}

/** The process whose id was noted at its start. Ids are given out again: it counts only if it is of this sandbox. */
async function notedPid(logs: string, name: string): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile(logs, name), "utf8").catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return isOf(dirname(logs), await commandLine(pid)) ? pid : undefined;
}

/** Processes that are what was to be started, whoever started them: a start that was killed has noted nothing. */
async function findPids(logs: string, name: string): Promise<number[]> {
  const lines = await Promise.all((await allPids()).map(async (pid) => [pid, await commandLine(pid)] as const));
  return lines
    .filter(([, line]) => line !== undefined && executable(line) === name && isOf(dirname(logs), line))
    .map(([pid]) => pid);
}

/** Process id of a started process, `undefined` when it does not run. */
export async function runningPid(logs: string, name: string): Promise<number | undefined> {
  return (await notedPid(logs, name)) ?? (await findPids(logs, name))[0];
}

async function launch(spec: ProcessSpec, logs: string, log: FileHandle) {
  const child = spawn(spec.command, spec.arguments, {
    cwd: logs,
    env: neutralEnvironment(),
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  return child;
}

/**
 * Starts a process in the background; its output goes to `<logs>/<name>.log`, replacing that of the run before.
 * @throws SandboxError when the executable is none.
 */
export async function startProcess(spec: ProcessSpec, logs: string): Promise<number> {
  const log = await open(join(logs, `${spec.name}.log`), "w", 0o600);
  try {
    const child = await launch(spec, logs, log).catch((error: Error) => {
      throw new SandboxError(
        `${spec.name} could not be started: ${error.message}; if it is damaged: npm run sandbox -- clean --tools`,
      );
    });
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

/** Ends a process: asks for 10 s, then kills. */
async function end(pid: number, home: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (let signal: NodeJS.Signals | 0 = "SIGTERM"; isOf(home, await commandLine(pid)); signal = 0) {
    try {
      process.kill(pid, performance.now() > deadline ? "SIGKILL" : signal);
    } catch (error) {
      // It has ended since it was looked at.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    await sleep(50);
  }
}

/** Ends a process, and any other that is the same. Does nothing when none runs. */
export async function stopProcess(logs: string, name: string): Promise<void> {
  const noted = await notedPid(logs, name);
  const pids = new Set([...(noted === undefined ? [] : [noted]), ...(await findPids(logs, name))]);
  for (const pid of pids) await end(pid, dirname(logs));
  await rm(pidFile(logs, name), { force: true });
}

/** The last lines of a process's log. */
export async function logTail(logs: string, name: string, lines = 5): Promise<string> {
  const text = await readFile(join(logs, `${name}.log`), "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}
