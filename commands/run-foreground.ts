import { execa } from "execa";
import type { Sandbox } from "../sandbox/index.ts";

/** Runs a command in the sandbox on this terminal; Ctrl-C is the command's to handle. @returns its exit code. */
export async function runForeground(sandbox: Sandbox, command: string, args: readonly string[]): Promise<number> {
  const leaveToChild = () => undefined;
  process.on("SIGINT", leaveToChild);
  try {
    const result = await execa(command, args, {
      stdio: "inherit",
      cwd: sandbox.paths.project,
      env: sandbox.env,
      extendEnv: false,
      reject: false,
    });
    if (result.code === "ENOENT") console.error(`error: there is no command ${command}`);
    return result.exitCode ?? 1;
  } finally {
    process.off("SIGINT", leaveToChild);
  }
}
