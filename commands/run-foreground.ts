import { constants } from "node:os";
import { basename } from "node:path";
import { execa } from "execa";
import type { Sandbox } from "../sandbox/index.ts";

/** Signals that ask this command to end: by a supervisor, or because the terminal was closed. */
const endings = ["SIGTERM", "SIGHUP"] as const;

/**
 * Runs a command in the sandbox on this terminal, and outlives it: Ctrl-C is the command's to handle, and what asks this process to
 * end is passed on. The engine is asked by SIGINT, upon which it ends what it has begun and gives its lock back.
 * @returns the exit code, as a shell gives it: 128 and its number after a signal, 127 where there is no such command, 126 where it cannot be run.
 */
export async function runForeground(
  sandbox: Pick<Sandbox, "paths" | "env">,
  command: string,
  args: readonly string[],
): Promise<number> {
  const isEngine = basename(command) === "pulumi";
  // A terminal that is closed tells all processes in it. The engine would die of that at once, where it is not told to ignore it.
  const [file, words] = isEngine
    ? ["/bin/sh", ["-c", 'trap "" HUP; exec "$@"', "sh", command, ...args]]
    : [command, args];
  let child: { kill(signal: NodeJS.Signals): boolean } | undefined;
  let ending: NodeJS.Signals | undefined;
  const leaveToChild = () => undefined;
  const passOn = (signal: NodeJS.Signals) => {
    ending = signal;
    child?.kill(isEngine ? "SIGINT" : signal);
  };
  process.on("SIGINT", leaveToChild);
  for (const signal of endings) process.on(signal, passOn);
  try {
    // After the handlers: from its first moment on it must not be left alone.
    const running = execa(file, words, {
      stdio: "inherit",
      cwd: sandbox.paths.project,
      env: sandbox.env,
      extendEnv: false,
      reject: false,
      cleanup: false,
    });
    child = running;
    const { exitCode, code, signal, originalMessage } = await running;
    const ended = ending ?? signal;
    if (ended) return 128 + constants.signals[ended as NodeJS.Signals];
    if (exitCode !== undefined) return exitCode;
    const missing = code === "ENOENT";
    console.error(
      missing ? `error: there is no command ${command}` : `error: ${command} cannot be run: ${originalMessage}`,
    );
    return missing ? 127 : 126;
  } finally {
    process.off("SIGINT", leaveToChild);
    for (const signal of endings) process.off(signal, passOn);
  }
}
