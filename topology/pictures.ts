import type { SystemInput } from "../components/model/system.ts";
import { drawing } from "./drawing.ts";
import { modelOf } from "./model.ts";
import { svg } from "./svg.ts";

/** The pictures that the documentation shows: each system in prod. Path → content. */
export async function pictures(systems: Record<string, SystemInput>): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const system of Object.keys(systems))
    files[`docs/systems/${system}.svg`] = await svg(drawing(modelOf(systems, system, "prod")));
  return files;
}
