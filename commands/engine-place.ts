import { execa } from "execa";
import { sandboxStatus, startSandbox } from "../sandbox/index.ts";

/** Where a command's engine runs: the sandbox of this checkout, or the user's own backend. */
export interface EnginePlace {
  env: NodeJS.ProcessEnv;
  /** The project folder, with the stack files that the engine reads. */
  cwd: string;
  /** What to call it in messages. */
  name: string;
  sandbox: boolean;
}

/** The sandbox where one is entered or running; else the user's own Pulumi backend. */
export async function findPlace(): Promise<EnginePlace> {
  if (process.env.KEELSON_SANDBOX !== undefined)
    return { env: process.env, cwd: process.cwd(), name: "the sandbox", sandbox: true };
  if ((await sandboxStatus()).ready) {
    const sandbox = await startSandbox();
    return { env: sandbox.env, cwd: sandbox.paths.project, name: "the sandbox", sandbox: true };
  }
  return { env: process.env, cwd: process.cwd(), name: "your Pulumi backend", sandbox: false };
}

/** How an operation of the engine went. */
export interface PulumiRun {
  failed: boolean;
  stdout: string;
  /** All that it printed. */
  output: string;
}

/** Runs `pulumi` for a stack and waits for its end. Ctrl-C reaches it too: it then ends what it is doing in order. */
export async function runPulumi(
  { env, cwd }: EnginePlace,
  stack: string,
  words: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<PulumiRun> {
  const { failed, stdout, stderr } = await execa(
    "pulumi",
    [...words, "--stack", stack, "--non-interactive", "--color", "never"],
    { env: { ...env, ...more }, cwd, extendEnv: false, reject: false, stdin: "ignore" },
  );
  return { failed, stdout: stdout ?? "", output: [stdout, stderr].join("\n").trim() };
}
