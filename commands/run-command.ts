import { EventLogError } from "../report/events.ts";
import { SandboxError } from "../sandbox/index.ts";

/** Runs a command's `main` and sets the exit code: what users can act on (a failing tool, a wrong file, the file system) is one message. */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  process.exitCode = await main().catch((error: NodeJS.ErrnoException) => {
    const forPeople = error instanceof SandboxError || error instanceof EventLogError || error.syscall !== undefined;
    if (!forPeople) throw error;
    console.error(`error: ${error.message}`);
    return 1;
  });
}
