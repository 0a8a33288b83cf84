import { createInterface } from "node:readline";
import { execa } from "execa";
import { isStep, readEvents } from "./engine-events.ts";
import type { OwnSandbox } from "./own-sandbox.ts";

/**
 * Runs `pulumi up` and kills the engine (SIGKILL) as soon as it has told of so many steps: each resource has one at the begin
 * of its work and one at its end. @returns how many steps it had told of; fewer where it ended before.
 */
export async function killedUp(own: OwnSandbox, stack: string, steps: number): Promise<number> {
  const { paths, env } = own.sandbox;
  const engine = execa("pulumi", ["up", "--stack", stack, "--yes", "--skip-preview", "--json", "--non-interactive"], {
    cwd: paths.project,
    env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    buffer: false,
  });
  let told = 0;
  for await (const line of createInterface({ input: engine.stdout })) {
    if (told >= steps) break;
    told += readEvents(line).filter(isStep).length;
    if (told >= steps) engine.kill("SIGKILL");
  }
  await engine;
  return told;
}
