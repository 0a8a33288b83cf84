import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { onExit } from "signal-exit";
import { stringify } from "yaml";
import { createStacks, installCommands } from "./engine.ts";
import { sandboxEnvironment } from "./environment.ts";
import { chartsFolder, ownCheckout, sandboxPaths, toolsFolder } from "./paths.ts";
import { installPlugins } from "./plugins.ts";
import { type Log, SandboxError } from "./progress.ts";

export { SandboxError } from "./progress.ts";

import { syncProject } from "./project.ts";
import { tools, versions } from "./tool-catalogue.ts";
import { provideTools, toolSource, toolsMirror } from "./tools.ts";

/** One Kubernetes object that a stack would create. */
export interface RenderedObject {
  /** URN of the resource that makes it. */
  urn: string;
  object: Record<string, unknown>;
  /** Where in the object secret values are, each as a path of keys. */
  secrets: string[][];
}

/** What to render and where to tell of progress. */
export interface RenderOptions {
  /** Configuration of the stack: `namespace:key` → value. */
  config: Record<string, unknown>;
  /** Default: the checkout that this code is in. */
  checkout?: string;
  log?: Log;
}

/** Name of the stack that is previewed; it exists in a scratch folder only. */
const stack = "render";

/**
 * Every object that a stack would create, chart children included, without any cluster: a preview by the real engine with the
 * stand-ins offline. Generated values are fixed placeholders.
 * @throws SandboxError with what the engine printed where the preview fails.
 */
export async function renderOffline({
  config,
  checkout = ownCheckout,
  log = () => undefined,
}: RenderOptions): Promise<RenderedObject[]> {
  const wanted = tools.filter(({ name }) => ["pulumi", "helm", "kubectl"].includes(name));
  const provided = await provideTools({
    folder: toolsFolder(),
    log,
    source: toolSource(),
    path: process.env.PATH ?? "",
    mirror: toolsMirror(),
    tools: wanted,
  });
  const paths = sandboxPaths(await mkdtemp(join(tmpdir(), "keelson-render-")));
  const objects = join(paths.home, "objects.ndjson");
  // Where a signal ends this process, nobody comes to what is under "finally".
  const finish = onExit(() => rmSync(paths.home, { recursive: true, force: true, maxRetries: 5 }));
  try {
    await installCommands(paths, provided);
    await installPlugins("stand-in", ownCheckout, paths);
    await syncProject(checkout, paths);
    await writeMarker(paths);
    await writeFile(join(paths.project, `Pulumi.${stack}.yaml`), stringify({ config }));
    await writeFile(objects, "");
    const env = { ...sandboxEnvironment(checkout, paths), KEELSON_OFFLINE: objects };
    await mkdir(paths.state, { recursive: true });
    await createStacks(checkout, paths, env, [stack]);
    const { failed, stdout, stderr } = await execa(
      "pulumi",
      ["preview", "--stack", stack, "--non-interactive", "--color", "never", "--suppress-progress"],
      {
        cwd: paths.project,
        env,
        extendEnv: false,
        stdin: "ignore",
        reject: false,
      },
    );
    if (failed) throw new SandboxError(`the stack could not be rendered:\n${[stdout, stderr].join("\n").trim()}`);
    return (await readFile(objects, "utf8"))
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as RenderedObject);
  } finally {
    await rm(paths.home, { recursive: true, force: true });
    finish();
  }
}

/** A marker for a cluster that nobody contacts: port 1 of this machine answers to nothing. */
async function writeMarker(paths: ReturnType<typeof sandboxPaths>): Promise<void> {
  const server = "https://127.0.0.1:1";
  const context = "offline";
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": context,
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    clusters: [{ name: context, cluster: { server } }],
    users: [{ name: context, user: {} }],
  };
  await writeFile(paths.kubeconfig, stringify(kubeconfig));
  await writeFile(
    paths.marker,
    JSON.stringify({
      kubeconfig: paths.kubeconfig,
      context,
      server,
      kubernetesVersion: versions.kubernetes,
      charts: chartsFolder(ownCheckout),
    }),
  );
}
