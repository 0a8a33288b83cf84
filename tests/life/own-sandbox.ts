import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { simulateDeclaredAddons } from "../../commands/simulated-addons.ts";
import { cleanSandbox, type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { type EngineEvent, readEvents } from "./engine-events.ts";

/** How one run of the engine went. */
export interface EngineRun {
  exitCode: number | undefined;
  /** What it printed, standard error included. */
  output: string;
  events: EngineEvent[];
  /** The event log as it was written. */
  eventLog: string;
}

/** A sandbox in a folder of its own, removed with all that is in it. */
export class OwnSandbox {
  readonly home: string;
  readonly sandbox: Sandbox;
  #runs = 0;

  private constructor(home: string, sandbox: Sandbox) {
    this.home = home;
    this.sandbox = sandbox;
  }

  /** A new one, running. */
  static async started(): Promise<OwnSandbox> {
    const home = join(await realpath(await mkdtemp(join(tmpdir(), "keelson-life-"))), "sandbox");
    return new OwnSandbox(home, await startSandbox({ home }));
  }

  /** Runs any command in the project folder; it must succeed. @returns its standard output. */
  async command(file: string, ...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.sandbox.run(file, args);
    assert.equal(exitCode, 0, `${file} ${args.join(" ")}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Runs an operation of the engine and returns how it went, failure included. */
  async attempt(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<EngineRun> {
    this.#runs += 1;
    const log = join(this.home, `events-${this.#runs}.ndjson`);
    const { exitCode, stdout, stderr } = await this.sandbox.run(
      "pulumi",
      [...words, "--non-interactive", "--color", "never", "--event-log", log],
      // The engine offers --event-log only with this.
      { ...env, PULUMI_DEBUG_COMMANDS: "true" },
    );
    const eventLog = await readFile(log, "utf8").catch(() => "");
    return { exitCode, output: `${stdout}\n${stderr}`, events: readEvents(eventLog), eventLog };
  }

  /** Runs an operation of the engine that must succeed. */
  async engine(...words: string[]): Promise<EngineRun> {
    const run = await this.attempt(words);
    assert.equal(run.exitCode, 0, `pulumi ${words.join(" ")}\n${run.output}`);
    return run;
  }

  async up(stack: string): Promise<EngineRun> {
    await simulateDeclaredAddons(this.sandbox, stack);
    return this.engine("up", "--stack", stack, "--yes", "--skip-preview", ...withPack);
  }

  preview(stack: string): Promise<EngineRun> {
    return this.engine("preview", "--stack", stack, ...withPack);
  }

  /** Fails where a preview plans a change. */
  previewWithoutChange(stack: string): Promise<EngineRun> {
    return this.engine("preview", "--stack", stack, "--expect-no-changes", ...withPack);
  }

  /** Fails where the cluster differs from the state. */
  refreshWithoutChange(stack: string): Promise<EngineRun> {
    return this.engine("refresh", "--stack", stack, "--yes", "--skip-preview", "--expect-no-changes");
  }

  destroy(stack: string): Promise<EngineRun> {
    return this.engine("destroy", "--stack", stack, "--yes", "--skip-preview");
  }

  async set(stack: string, path: string, value: string, ...options: string[]): Promise<void> {
    await this.command("pulumi", "config", "set", "--stack", stack, "--path", path, value, ...options);
  }

  /**
   * Waits until no process lives that was started in the sandbox's environment; the control plane has another. Linux only.
   * @returns the command lines of those that outlive half a minute.
   */
  async processesLeft(): Promise<string[]> {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const left = await processesWith(`KEELSON_SANDBOX=${this.sandbox.paths.marker}\0`);
      if (left.length === 0 || performance.now() > deadline) return left;
      await sleep(500);
    }
  }

  async remove(): Promise<void> {
    await cleanSandbox({ home: this.home });
    await rm(join(this.home, ".."), { recursive: true, force: true });
  }
}

const withPack = ["--policy-pack", "policies"];

async function processesWith(variable: string): Promise<string[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((entry) => /^\d+$/.test(entry));
  const lines = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      if (!`${environment}\0`.includes(variable)) return "";
      return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
    }),
  );
  return lines.filter(Boolean);
}
