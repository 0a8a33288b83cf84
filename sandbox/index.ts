import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import {
  contextName,
  controlPlanePids,
  isReady,
  kubectl,
  requireRunning,
  restartKwok,
  startControlPlane,
  stopControlPlane,
} from "./control-plane.ts";
import { createStacks, installCommands } from "./engine.ts";
import { sandboxEnvironment } from "./environment.ts";
import { activeFaults, type Fault, writeStages } from "./faults.ts";
import { readJson, writeIfChanged } from "./files.ts";
import { checkHome, claimHome, hasHome, removeHome } from "./home.ts";
import { exclusively } from "./lock.ts";
import {
  cacheFolder,
  chartsFolder,
  ownCheckout,
  type SandboxPaths,
  sandboxHome,
  sandboxPaths,
  smallCharts,
  toolsFolder,
} from "./paths.ts";
import { askedPlugins, choosePlugins, installPlugins, type PluginSet } from "./plugins.ts";
import { runningPid } from "./processes.ts";
import { elapsed, type Log, SandboxError } from "./progress.ts";
import { stackNames, syncProject, unreadableStacks } from "./project.ts";
import { writeConstantAddons } from "./simulated-addons.ts";
import { versions } from "./tool-catalogue.ts";
import { provideTools, type ToolOptions, toolSource, toolsMirror } from "./tools.ts";

export { type Fault, faultName, faultNames, parseSelector } from "./faults.ts";
export { SandboxError } from "./progress.ts";

/** Which sandbox, and where it tells what it does. */
export interface SandboxOptions {
  /** The checkout whose program runs; default: the one this code is in. */
  checkout?: string;
  /** Folder of this sandbox; default: one per checkout in the cache. */
  home?: string;
  log?: Log;
}

/** What sandbox.json says: the program takes cluster and charts from it, and only runs against the sandbox when it is there. */
export interface Marker {
  kubeconfig: string;
  context: string;
  server: string;
  kubernetesVersion: string;
  /** Folder with one folder per chart. */
  charts: string;
  plugins: PluginSet;
}

/** A running sandbox. */
export interface Sandbox {
  paths: SandboxPaths;
  marker: Marker;
  /** Environment for commands in it. */
  env: NodeJS.ProcessEnv;
  /** Names of the checkout's stack files. */
  stacks: string[];
  /** Those of them whose files cannot be read, with what is wrong; the engine can do nothing with them. */
  unreadable: ReadonlyMap<string, string>;
  /** Runs a command in the project folder and returns what it printed; a failure does not reject, look at the exit code. */
  run(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<CommandResult>;
}

/** How a command ended and what it printed. */
export interface CommandResult {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

interface Place {
  checkout: string;
  paths: SandboxPaths;
  log: Log;
  /** The caller's environment without what an enclosing sandbox shell has put in. */
  outer: NodeJS.ProcessEnv;
}

function place(options: SandboxOptions): Place {
  const checkout = options.checkout ?? ownCheckout;
  const paths = sandboxPaths(options.home ?? sandboxHome(checkout));
  checkHome(paths.home, checkout);
  const { PULUMI_HOME, ...rest } = process.env;
  const inside = rest.KEELSON_SANDBOX !== undefined;
  const path = (rest.PATH ?? "").split(delimiter).filter((folder) => folder !== paths.bin);
  const outer = {
    ...rest,
    PATH: path.join(delimiter),
    ...(inside || PULUMI_HOME === undefined ? {} : { PULUMI_HOME }),
  };
  return { checkout, paths, log: options.log ?? (() => undefined), outer };
}

function exclusive<T>({ paths, log }: Place, work: () => Promise<T>): Promise<T> {
  return exclusively(`${paths.home}.lock`, `the sandbox ${paths.home}`, log, work);
}

/** @throws SandboxError where it is damaged. */
function readMarker(paths: SandboxPaths): Promise<Marker | undefined> {
  return readJson(paths.marker, (value): value is Marker => {
    const { server, kubeconfig, plugins } = (value ?? {}) as Partial<Marker>;
    return typeof server === "string" && typeof kubeconfig === "string" && typeof plugins?.nodejs === "string";
  });
}

async function handle({ checkout, paths, outer }: Place, marker: Marker): Promise<Sandbox> {
  const env = sandboxEnvironment(checkout, paths, outer);
  return {
    paths,
    marker,
    env,
    stacks: await stackNames(checkout),
    unreadable: await unreadableStacks(checkout),
    run: async (command, args, extra) => {
      const { exitCode, stdout, stderr } = await execa(command, args, {
        stdin: "ignore",
        cwd: paths.project,
        env: { ...env, ...extra },
        extendEnv: false,
        reject: false,
      });
      return { exitCode, stdout, stderr };
    },
  };
}

/** @throws SandboxError for words that nobody knows. */
function wantedTools({ log, outer }: Place): ToolOptions {
  return {
    folder: toolsFolder(outer),
    log,
    source: toolSource(outer),
    path: outer.PATH ?? "",
    mirror: toolsMirror(outer),
  };
}

async function bringUp(at: Place): Promise<Sandbox> {
  const { checkout, paths, log, outer } = at;
  // Before anything is built or started: what was asked for in words that nobody knows.
  askedPlugins(outer);
  const wanted = wantedTools(at);
  const previous = await readMarker(paths);
  const charts = chartsFolder(checkout, outer, previous?.charts);
  await claimHome(paths, checkout);
  const provided = await provideTools(wanted);
  const started = performance.now();
  await mkdir(paths.cluster, { recursive: true, mode: 0o700 });
  await installCommands(paths, provided);
  await writeStages(paths, await activeFaults(paths));
  const server = await startControlPlane(paths, provided);
  const files = [join(ownCheckout, "sandbox", "cluster.yaml"), await writeConstantAddons(paths)];
  const objects = await kubectl(paths, ["apply", "--server-side", ...files.flatMap((file) => ["-f", file])]);
  const said = ({ stderr, shortMessage }: typeof objects) => stderr || shortMessage;
  if (objects.failed) throw new SandboxError(`what a cluster has from the start could not be made:\n${said(objects)}`);
  await requireRunning(paths);
  const nodes = await kubectl(paths, ["wait", "--for=condition=Ready", "node", "--all", "--timeout=60s"]);
  if (nodes.failed) throw new SandboxError(`the nodes, which KWOK plays, do not become ready:\n${said(nodes)}`);
  log(`Control plane: Kubernetes ${versions.kubernetes} at ${server}, ready after ${elapsed(started)}`);

  const search = {
    env: outer,
    pulumi: provided.get("pulumi") ?? "",
    cached: join(cacheFolder(outer), "pulumi"),
    previous: previous?.plugins.nodejs,
    log,
  };
  const plugins = await installPlugins(await choosePlugins(search), checkout, paths);
  const marker: Marker = {
    kubeconfig: paths.kubeconfig,
    context: contextName,
    server,
    kubernetesVersion: versions.kubernetes,
    charts,
    plugins,
  };
  await writeIfChanged(paths.marker, `${JSON.stringify(marker, null, 2)}\n`);
  log(`Engine: Pulumi ${versions.pulumi} with ${describePlugins(plugins)}`);
  const before = previous?.charts ?? charts;
  const change =
    before === charts ? "" : `, no longer those in ${before}: the next update changes what was deployed with them`;
  if (change || charts !== smallCharts(checkout)) log(`Charts: those in ${charts}${change}`);

  await syncProject(checkout, paths);
  const sandbox = await handle(at, marker);
  for (const problem of sandbox.unreadable.values()) log(`${problem}; the other stacks are not concerned`);
  await createStacks(checkout, paths, sandbox.env, sandbox.stacks);
  // By now, a part that does not get along has ended.
  await requireRunning(paths);
  return sandbox;
}

/** One line about who plays language host and resource plugins. */
export function describePlugins(plugins: PluginSet): string {
  return plugins.nodejs === "official"
    ? "the official language host and plugins"
    : "our stand-ins for language host and plugins";
}

/**
 * Starts the sandbox, or what of it does not run yet, and brings its project folder up to date.
 * @throws SandboxError with one message that says what is missing.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const at = place(options);
  return exclusive(at, () => bringUp(at));
}

/** Ends every process of the sandbox; its cluster and state are there again at the next start. */
export async function stopSandbox(options: SandboxOptions = {}): Promise<void> {
  const at = place(options);
  await exclusive(at, async () => {
    if (await hasHome(at.paths)) await stopControlPlane(at.paths);
  });
}

/**
 * Empties cluster, state and project folder, and starts again if the sandbox was running.
 * @throws SandboxError where its home is no sandbox of ours.
 */
export async function resetSandbox(options: SandboxOptions = {}): Promise<void> {
  const at = place(options);
  await exclusive(at, async () => {
    if (!(await hasHome(at.paths))) return;
    const ran = (await runningPid(at.paths.logs, "kube-apiserver")) !== undefined;
    await stopControlPlane(at.paths);
    await removeHome(at.paths);
    if (ran) await bringUp(at);
  });
}

/** Stops the sandbox and removes its home. @throws SandboxError where that is no sandbox of ours. */
export async function cleanSandbox(options: SandboxOptions = {}): Promise<void> {
  const at = place(options);
  await exclusive(at, async () => {
    if (!(await hasHome(at.paths))) return;
    await stopControlPlane(at.paths);
    await removeHome(at.paths);
  });
}

/** What of a sandbox runs. */
export interface SandboxStatus {
  home: string;
  /** Process id by process name; `undefined` for one that does not run. */
  processes: Record<string, number | undefined>;
  /** Whether the API server answers that it is ready, whatever else runs. */
  ready: boolean;
  marker: Marker | undefined;
  faults: Fault[];
}

/** Looks at a sandbox without changing it. */
export async function sandboxStatus(options: SandboxOptions = {}): Promise<SandboxStatus> {
  const at = place(options);
  const { paths } = at;
  const processes = await controlPlanePids(paths);
  return {
    home: paths.home,
    processes,
    ready: processes["kube-apiserver"] !== undefined && (await isReady(paths)),
    marker: await readMarker(paths),
    faults: await activeFaults(paths),
  };
}

/**
 * Replaces the faults that are switched on.
 * @throws SandboxError when the sandbox does not run.
 */
export async function setFaults(change: (faults: Fault[]) => Fault[], options: SandboxOptions = {}): Promise<Fault[]> {
  const at = place(options);
  return exclusive(at, async () => {
    if ((await runningPid(at.paths.logs, "kwok")) === undefined) {
      throw new SandboxError("the sandbox does not run: npm run sandbox -- start");
    }
    const faults = change(await activeFaults(at.paths));
    await writeStages(at.paths, faults);
    await restartKwok(at.paths, await provideTools(wantedTools(at)));
    return faults;
  });
}
