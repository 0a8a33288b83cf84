import type { Sandbox } from "../sandbox/index.ts";
import { ownableAddons, removeSimulatedAddons, simulateAddons } from "../sandbox/simulated-addons.ts";
import { declaredAddons } from "./declared-addons.ts";
import { addonOwners } from "./shared-addons.ts";

/**
 * Gives the sandbox's cluster what a stack declares present and no stack in it owns, and takes away what was simulated of the
 * add-ons that the stack installs itself.
 * @returns the names of the add-ons that are simulated for the stack.
 */
export async function simulateDeclaredAddons(sandbox: Sandbox, stack: string): Promise<string[]> {
  const declared = await declaredAddons(sandbox, stack);
  const owners = await addonOwners(sandbox, stack);
  const those = (ownership: string) =>
    ownableAddons.filter((name) => declared[name]?.ownership === ownership && !owners.has(name));
  await removeSimulatedAddons(sandbox.paths, those("own"));
  const present = those("present");
  await simulateAddons(sandbox.paths, new Map(present.map((name) => [name, declared[name]?.namespace])));
  return present;
}
