import { SandboxError } from "../sandbox/index.ts";

/** Runs a command's `main` and sets the exit code: what users can act on (wrong words, a failing tool, the file system) is one message. */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  process.exitCode = await main().catch((error: NodeJS.ErrnoException) => {
    const isForUsers =
      error instanceof SandboxError || error.syscall !== undefined || error.code?.startsWith("ERR_PARSE_ARGS");
    if (!isForUsers) throw error;
    console.error(`error: ${error.message}`);
    return 1;
  });
}
