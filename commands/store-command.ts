import { SettingsError } from "../settings/read.ts";
import { reason } from "./doctor/facts.ts";

/** Runs a command that ends with its status; what goes wrong is told in one message. */
export async function orMessage(command: string, work: () => Promise<number>): Promise<never> {
  try {
    process.exit(await work());
  } catch (error) {
    console.error(`${command}: ${error instanceof SettingsError ? error.message : reason(error)}`);
    process.exit(1);
  }
}
