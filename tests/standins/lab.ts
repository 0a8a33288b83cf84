import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { cleanSandbox, type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { cacheFolder } from "../../sandbox/paths.ts";
import { findOfficial, pluginVersions } from "../../sandbox/plugins.ts";

/** A sandbox with the test program in it. */
export interface Lab {
  home: string;
  sandbox: Sandbox;
  /** Runs `pulumi` in the program's folder and gives back all that it printed. */
  pulumi(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<{ exitCode: number | undefined; output: string }>;
  /** `kubectl get -o json`. */
  get(...args: string[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Options for every run: no colour, no questions. */
const quiet = ["--non-interactive", "--color", "never", "--stack", "dev"];

/** Starts a sandbox of its own, with the stand-ins, around the test program. */
export async function openLab(): Promise<Lab> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "keelson-lab-")));
  const checkout = join(root, "checkout");
  const home = join(root, "home");
  await cp(resolve("tests/standins/program"), checkout, { recursive: true });
  for (const link of ["sandbox", "node_modules"]) await symlink(resolve(link), join(checkout, link));
  const wish = process.env.KEELSON_PLUGINS;
  process.env.KEELSON_PLUGINS = "stand-in";
  const sandbox = await startSandbox({ checkout, home }).finally(() => {
    if (wish === undefined) delete process.env.KEELSON_PLUGINS;
    else process.env.KEELSON_PLUGINS = wish;
  });
  const env = { ...sandbox.env, LAB_CONTEXT: sandbox.marker.context };
  return {
    home,
    sandbox: { ...sandbox, env },
    async pulumi(args, extra) {
      const { exitCode, stdout, stderr } = await sandbox.run("pulumi", [...args, ...quiet], { ...env, ...extra });
      return { exitCode, output: `${stdout}\n${stderr}` };
    },
    async get(...args) {
      const { exitCode, stdout, stderr } = await sandbox.run("kubectl", [
        "get",
        "-o",
        "json",
        "--show-managed-fields",
        ...args,
      ]);
      if (exitCode !== 0) throw new Error(stderr);
      return JSON.parse(stdout);
    },
    async close() {
      await cleanSandbox({ checkout, home });
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The environment in which the lab's program runs with the official plugins; a text says which of them are missing. */
export async function officialEnvironment(lab: Lab): Promise<NodeJS.ProcessEnv | string> {
  const engine = join(lab.sandbox.paths.bin, "pulumi");
  const found = await findOfficial({
    env: process.env,
    pulumi: engine,
    cached: join(cacheFolder(), "pulumi"),
    log: () => undefined,
  });
  const { languageHost, kubernetes, random } = found;
  if (!languageHost || !kubernetes || !random) {
    return `official plugins found: ${Object.keys(found).join(", ") || "none"}; needed: languageHost, kubernetes, random`;
  }
  const root = join(lab.home, "official");
  const bin = join(root, "bin");
  await mkdir(bin, { recursive: true });
  await cp(engine, join(bin, "pulumi"));
  await symlink(languageHost, join(bin, "pulumi-language-nodejs"));
  for (const [name, file] of Object.entries({ kubernetes, random })) {
    const version = pluginVersions[name as keyof typeof pluginVersions];
    const folder = join(root, "plugins", `resource-${name}-v${version}`);
    await mkdir(folder, { recursive: true });
    for (const part of await readdir(dirname(file))) await symlink(join(dirname(file), part), join(folder, part));
  }
  await mkdir(join(root, "state"));
  const { PATH = "" } = lab.sandbox.env;
  return { PULUMI_HOME: root, PULUMI_BACKEND_URL: `file://${join(root, "state")}`, PATH: `${bin}:${PATH}` };
}

/** The command lines of the processes that run in a lab, apart from its control plane. */
export async function processesOf(lab: Lab): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    const read = (file: string) => readFile(join("/proc", pid, file), "utf8").catch(() => "");
    const command = (await read("cmdline")).replaceAll("\0", " ").trim();
    const isOurs = (await read("environ")).includes(`PULUMI_HOME=${lab.sandbox.paths.pulumiHome}\0`);
    if (isOurs && command !== "") found.push(command);
  }
  return found;
}

/** Starts `pulumi` and ends it with SIGKILL as soon as its output has a text. */
export async function killWhen(lab: Lab, args: readonly string[], text: string): Promise<void> {
  const { env, paths } = lab.sandbox;
  const engine = execa("pulumi", [...args, ...quiet], {
    cwd: paths.project,
    env,
    extendEnv: false,
    all: true,
    reject: false,
  });
  let output = "";
  for await (const line of engine.iterable({ from: "all" })) {
    output += `${line}\n`;
    if (output.includes(text)) engine.kill("SIGKILL");
  }
  const { signal } = await engine;
  if (signal !== "SIGKILL") throw new Error(`pulumi ended before it was killed:\n${output}`);
}

/** Changes the stack's configuration, for the runs to come. */
export async function configure(lab: Lab, values: Record<string, string>): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    const { exitCode, output } = await lab.pulumi(["config", "set", `lab:${key}`, value]);
    if (exitCode !== 0) throw new Error(output);
  }
}

/** Forgets a key of the stack's configuration. */
export async function forget(lab: Lab, key: string): Promise<void> {
  await lab.pulumi(["config", "rm", `lab:${key}`]);
}

/** Writes a policy pack of one rule and gives back its folder. */
export async function writePack(lab: Lab, source: string): Promise<string> {
  const folder = join(lab.home, "pack");
  await mkdir(folder, { recursive: true });
  await symlink(resolve("node_modules"), join(folder, "node_modules")).catch(() => {});
  await writeFile(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  await writeFile(
    join(folder, "package.json"),
    '{ "name": "lab-pack", "version": "1.0.0", "type": "module", "main": "index.mjs" }',
  );
  await writeFile(join(folder, "index.mjs"), source);
  return folder;
}
