import { existsSync } from "node:fs";
import { SettingsError } from "../settings/read.ts";
import { reason } from "./doctor/facts.ts";
import type { EnginePlace } from "./engine-place.ts";
import { stackFile } from "./release-settings.ts";

/** Runs a command that ends with its status; what goes wrong is told in one message. */
export async function orMessage(command: string, work: () => Promise<number>): Promise<never> {
  try {
    process.exit(await work());
  } catch (error) {
    console.error(`${command}: ${error instanceof SettingsError ? error.message : reason(error)}`);
    process.exit(1);
  }
}

/** @throws where a stack has no file. */
export function mustHaveFile(place: EnginePlace, stack: string): void {
  if (!existsSync(stackFile(place, stack)))
    throw new Error(`there is no stack file Pulumi.${stack}.yaml; npm run new-stack writes one`);
}
