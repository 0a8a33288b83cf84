import { copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanSandbox, type Sandbox, startSandbox } from "../sandbox/index.ts";
import { ownCheckout } from "../sandbox/paths.ts";

/** Folder of the programs that are measured. */
export const programs = join(ownCheckout, "benchmarks", "programs");

/** A sandbox for measurements, in a folder of its own, and projects beside the checkout's own. */
export class Laboratory {
  readonly home: string;
  readonly sandbox: Sandbox;
  readonly #folder: string;

  private constructor(folder: string, sandbox: Sandbox) {
    this.#folder = folder;
    this.home = sandbox.paths.home;
    this.sandbox = sandbox;
  }

  /** Starts a sandbox in a temporary folder. */
  static async open(progress: (line: string) => void): Promise<Laboratory> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "keelson-bench-")));
    return new Laboratory(folder, await startSandbox({ home: join(folder, "sandbox"), log: progress }));
  }

  /** Ends the sandbox and removes all that was made. */
  async close(): Promise<void> {
    await cleanSandbox({ home: this.home });
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A file or folder of this laboratory. */
  path(...names: string[]): string {
    return join(this.#folder, ...names);
  }

  /** Seconds that a command in the project folder took. Throws with what it printed where it fails. */
  async time(
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<number> {
    const begun = performance.now();
    const { exitCode, stdout, stderr } = await this.sandbox.run(
      command,
      options.cwd ? [...inFolder(command, options.cwd), ...args] : args,
      options.env,
    );
    const taken = (performance.now() - begun) / 1000;
    if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
    return taken;
  }

  /** Seconds of an operation of the engine. */
  pulumi(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<number> {
    return this.time("pulumi", [...args, "--non-interactive", "--color", "never"], options);
  }

  /** A project of its own with one stack, `bench`, and links to what the checkout has. */
  async project(name: string, settings: string, program: { link: string } | { copy: string }): Promise<string> {
    const folder = this.path("projects", name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "Pulumi.yaml"), `name: ${name}\n${settings}`);
    await symlink(join(ownCheckout, "node_modules"), join(folder, "node_modules"));
    if ("link" in program) await symlink(join(programs, program.link), join(folder, "index.ts"));
    else await copyFile(join(programs, program.copy), join(folder, "index.ts"));
    await this.pulumi(["stack", "init", "bench"], { cwd: folder });
    return folder;
  }
}

function inFolder(command: string, folder: string): string[] {
  if (command !== "pulumi") throw new Error(`${command} runs in the sandbox's project folder only`);
  return ["--cwd", folder];
}

/** How Keelson's own Pulumi.yaml runs TypeScript, `extra` preloads included. */
export function ownSettings(...extra: string[]): string {
  const preloads = [join(ownCheckout, "commands", "check-node.mjs"), ...extra];
  const nodeargs = preloads.map((file) => `--import ${file}`).join(" ");
  return `main: index.ts\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: "${nodeargs}"\n`;
}
