import { mkdir } from "node:fs/promises";
import { execa } from "execa";
import { type Log, withHeartbeat } from "./progress.ts";
import { fetchThroughProxy } from "./proxy.ts";

/** How the engine is asked to download plugins. */
export interface PluginDownload {
  /** The engine's executable. */
  pulumi: string;
  /** Pulumi home that they are installed into. */
  home: string;
  log: Log;
  /** Asked whether it answers before anything is tried, so that a machine without access does not wait for retries. */
  site?: string;
}

/** Lets the engine download resource plugins (name → version) from their official sites; one that cannot be had is left out, with a line that says so. */
export async function downloadPlugins(
  plugins: Readonly<Record<string, string>>,
  options: PluginDownload,
): Promise<void> {
  const { pulumi, home, log, site = "https://get.pulumi.com" } = options;
  const reachable = await fetchThroughProxy(site, { method: "HEAD", signal: AbortSignal.timeout(4000) }).then(
    () => true,
    () => false,
  );
  if (!reachable) return log(`Official plugins: ${new URL(site).host} cannot be reached`);
  await mkdir(home, { recursive: true });
  for (const [name, version] of Object.entries(plugins)) {
    const what = `Official plugin ${name} ${version}`;
    log(`${what}: downloading it (needs up to 300 MiB of disk)`);
    const result = await withHeartbeat(log, what, () =>
      execa(pulumi, ["plugin", "install", "resource", name, version], {
        env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
        reject: false,
        stdin: "ignore",
        timeout: 600_000,
      }),
    );
    if (result.failed) log(`${what}: could not be had: ${result.stderr.trim().split("\n").at(-1)}`);
  }
}
