import { SandboxError } from "../sandbox/index.ts";

/** Runs a command's `main` and sets the exit code: what users can act on (a failing tool, the file system) is one message. */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  process.exitCode = await main().catch((error: NodeJS.ErrnoException) => {
    if (!(error instanceof SandboxError) && error.syscall === undefined) throw error;
    console.error(`error: ${error.message}`);
    return 1;
  });
}
