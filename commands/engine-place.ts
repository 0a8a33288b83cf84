import { dirname } from "node:path";
import { execa } from "execa";
import { SandboxError, sandboxStatus, startSandbox } from "../sandbox/index.ts";
import { sandboxPaths } from "../sandbox/paths.ts";
import type { Arguments } from "./arguments.ts";

/** Where a command's engine runs: the sandbox of this checkout, or the user's own backend. */
export interface EnginePlace {
  env: NodeJS.ProcessEnv;
  /** The project folder, with the stack files that the engine reads. */
  cwd: string;
  /** What to call it in messages. */
  name: string;
  sandbox: boolean;
  /** The backend's URL, as the engine takes it; empty where the engine cannot say. */
  backend: string;
}

const backends = ["sandbox", "own"] as const;

/** The option that says where a command's engine runs. */
export const backendOption = { type: "string" } as const;

/** What the help of each command with that option says of it. */
export const backendHelp = `A checkout that has a sandbox means the stack in it, and starts it where it does not run; one that has none means the stack in
your own Pulumi backend. --backend sandbox or --backend own says which, whatever there is.`;

/**
 * Where a command is meant to run: in the sandbox where the checkout has one or a shell of it is entered, whether or not it runs
 * at the moment; else in the user's own backend. What the user asked for by name goes before.
 * @throws SandboxError where what was asked for cannot be had.
 */
export async function findPlace(args: Arguments<{ backend: typeof backendOption }>): Promise<EnginePlace> {
  const asked = args.choice("backend", backends);
  const { KEELSON_SANDBOX: entered } = process.env;
  if (entered) {
    if (asked === "own")
      throw new SandboxError(
        "--backend own: this is the sandbox's shell, where pulumi means the sandbox; exit it first",
      );
    return sandboxPlace(dirname(entered));
  }
  const { marker, home } = await sandboxStatus();
  if (asked === "sandbox" && marker === undefined)
    throw new SandboxError(`--backend sandbox: there is no sandbox in ${home}; npm start makes one`);
  return asked === "own" || marker === undefined ? ownPlace() : sandboxPlace();
}

/** The sandbox, running and with its project folder as the checkout is. */
async function sandboxPlace(enteredHome?: string): Promise<EnginePlace> {
  const at = enteredHome === undefined ? {} : { home: enteredHome };
  const { ready } = await sandboxStatus(at);
  const place = (env: NodeJS.ProcessEnv, cwd: string): EnginePlace => {
    return { env, cwd, name: "the sandbox", sandbox: true, backend: env.PULUMI_BACKEND_URL ?? "" };
  };
  // A shell of the sandbox has its environment already, and what its user has set there.
  if (ready && enteredHome !== undefined) return place(process.env, sandboxPaths(enteredHome).project);
  const sandbox = await startSandbox({ ...at, log: ready ? () => undefined : (line) => console.error(line) });
  return place(sandbox.env, sandbox.paths.project);
}

async function ownPlace(): Promise<EnginePlace> {
  const place = { env: process.env, cwd: process.cwd(), sandbox: false };
  // The engine itself knows: of the environment, of Pulumi.yaml, or of the last login.
  const { stdout = "" } = await pulumi(place, ["whoami", "--json", "--non-interactive"]);
  const backend = /"url": *"([^"]+)"/.exec(stdout)?.[1] ?? "";
  // A database's URL may have a password in it.
  const shown = backend.replace(/\/\/[^/@]*@/, "//");
  return { ...place, name: `your Pulumi backend${shown && ` ${shown}`}`, backend };
}

/** How an operation of the engine went. */
export interface PulumiRun {
  failed: boolean;
  stdout: string;
  /** All that it printed; where it could not be run, why. */
  output: string;
}

/** Runs `pulumi` for a stack and waits for its end. Ctrl-C reaches it too: it then ends what it is doing in order. */
export async function runPulumi(
  place: EnginePlace,
  stack: string,
  words: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<PulumiRun> {
  const { failed, stdout, stderr, code, originalMessage } = await pulumi({ ...place, env: { ...place.env, ...more } }, [
    ...words,
    "--stack",
    stack,
    "--non-interactive",
    "--color",
    "never",
  ]);
  const said = [stdout, stderr].join("\n").trim();
  const why = code === "ENOENT" ? "there is no command pulumi on PATH" : (originalMessage ?? "");
  return { failed, stdout: stdout ?? "", output: said || why };
}

function pulumi({ env, cwd }: Pick<EnginePlace, "env" | "cwd">, words: readonly string[]) {
  return execa("pulumi", words, { env, cwd, extendEnv: false, reject: false, stdin: "ignore" });
}
