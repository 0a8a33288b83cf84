import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { controlPlanePids } from "./control-plane.ts";
import { checkoutIn } from "./home.ts";
import { homesFolder, ownCheckout, sandboxHome, sandboxPaths } from "./paths.ts";

/** A sandbox of another checkout. */
export interface OtherSandbox {
  home: string;
  /** Undefined where its home does not say: it was not started since homes do. */
  checkout: string | undefined;
  runs: boolean;
}

/** The sandboxes in the cache beside one's own: of other checkouts, which may be gone while theirs goes on. Those that a variable named are elsewhere. */
export async function otherSandboxes(env: NodeJS.ProcessEnv = process.env): Promise<OtherSandbox[]> {
  const folder = homesFolder(env);
  const homes = (await readdir(folder).catch(() => [])).sort().map((entry) => join(folder, entry));
  const others = homes.filter((home) => home !== sandboxHome(ownCheckout, env)).map(look);
  return (await Promise.all(others)).filter((other) => other !== undefined);
}

/** Undefined where the folder is no sandbox. */
async function look(home: string): Promise<OtherSandbox | undefined> {
  const paths = sandboxPaths(home);
  const tag = await readFile(paths.tag, "utf8").catch(() => undefined);
  if (tag === undefined) return undefined;
  const pids = Object.values(await controlPlanePids(paths));
  return { home, checkout: checkoutIn(tag), runs: pids.some((pid) => pid !== undefined) };
}
