import { cp, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { adviceVariable } from "../../policies/advice.ts";
import { stopSandbox } from "../../sandbox/index.ts";
import { OwnSandbox } from "../life/own-sandbox.ts";

/** A run of the engine that an example shows. */
export interface Recording {
  name: string;
  stack: string;
  /** The event log as the engine wrote it. */
  log: string;
  /** The log of the base branch's run, where the example compares. */
  base?: string;
}

const stack = "dev";
const settings = {
  "keelson:system": "codelab",
  "keelson:environment": "dev",
  "keelson:addons": { monitoring: {} },
};
const withPack = ["--policy-pack", "policies"];
const gateway = { resource: "codelab-gateway-deployment", path: ["spec", "template", "spec"] };
const container = [...gateway.path, "containers", 0];
/** The day after which the waiver of an example ends; the recording moves it with all other times. */
export const waiverEnds = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);

/**
 * Runs the engine in every situation that the documentation shows, one after another in one sandbox, and hands over each log.
 * @param wanted whether a situation is to be recorded; what others build upon runs all the same
 */
export async function recordAll(
  tell: (recording: Recording) => Promise<void>,
  wanted: (name: string) => boolean,
): Promise<void> {
  const charts = await ownCharts();
  process.env.KEELSON_SANDBOX_CHARTS = charts;
  const own = await OwnSandbox.started();
  const { project } = own.sandbox.paths;
  const run = async (words: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    (await own.attempt(words, { ...env, [adviceVariable]: "each" })).eventLog;
  const preview = (env: NodeJS.ProcessEnv = {}, more: readonly string[] = []) =>
    run(["preview", "--stack", stack, ...withPack, ...more], env);
  const set = (more: Record<string, unknown> = {}) =>
    writeSettings(join(project, `Pulumi.${stack}.yaml`), { ...settings, ...more });
  const program = async (file: string) => {
    await rm(join(project, "index.ts"));
    await symlink(fileURLToPath(new URL(file, import.meta.url)), join(project, "index.ts"));
  };
  const record = async (name: string, log: () => Promise<string>, base?: () => Promise<string>) => {
    if (wanted(name)) await tell({ name, stack, log: await log(), ...(base ? { base: await base() } : {}) });
  };
  try {
    await set();
    await record("first-deployment", () => preview());
    const update = await run(["up", "--yes", "--skip-preview", "--stack", stack, ...withPack]);
    await record("update", async () => update);
    await record("no-change", () => preview());

    await set({ "keelson:services": { gateway: { image: { tag: "1.1.0" } } } });
    await record("image-bump", () => preview());
    await set({ "keelson:services": { gateway: { replicas: 3 }, "llm-proxy": { replicas: 2 } } });
    await record("scale", () => preview());
    await set({ "keelson:data": { postgres: { storage: { size: "9Gi", class: "fast-ssd" } } } });
    await record("replaced-database", () => preview());
    await set({ "keelson:addons": {} });
    await record("deleted-namespace", () => preview());
    await set({ "keelson:services": { gatewy: {} }, "keelson:data": { postgres: { storage: "9Gi" } } });
    await record("program-error", () => preview());
    await set();

    await program("edited-program.ts");
    const noLimit = (service: string) => ({
      resource: `codelab-${service}-deployment`,
      path: [...container, "resources", "limits", "memory"],
    });
    const base = () => preview({ EDITS: JSON.stringify([noLimit("gateway"), noLimit("llm-proxy")]) });
    await record(
      "policy-violations",
      () => preview({ EDITS: JSON.stringify([noLimit("gateway"), noLimit("agent-runtime")]) }),
      base,
    );
    const waivers = join(own.home, "waivers.json");
    await writeFile(waivers, JSON.stringify({ "waiver-valid": { waivers: [waiver()] } }));
    await record("waiver-expiring", () =>
      preview({ EDITS: JSON.stringify([noLimit("gateway")]) }, ["--policy-pack-config", waivers]),
    );
    const opened = [
      { resource: "codelab-gateway-service", path: ["spec", "type"], value: "LoadBalancer" },
      { ...gateway, path: ["spec", "replicas"], value: 0 },
      {
        resource: "codelab-addons-ingress-nginx-chart:ingress-nginx",
        path: ["rules", 0],
        value: { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
      },
      { resource: "codelab-network-gateway", path: ["spec", "ingress"], value: [{}] },
    ];
    await record("opened", () => preview({ EDITS: JSON.stringify(opened) }));
    await record("unknown-values", () => preview({ UNKNOWN: charts }));

    await program("../../index.ts");
    await newVersions(charts);
    await record("chart-upgrade", () => preview());

    await program("many-services.ts");
    await writeSettings(join(project, "Pulumi.many.yaml"), { "keelson:environment": "dev" });
    await own.command("pulumi", "stack", "init", "many", "--no-select", "--non-interactive");
    const many = () => run(["preview", "--stack", "many", ...withPack], { SERVICES: "300" });
    if (wanted("three-hundred-services"))
      await tell({ name: "three-hundred-services", stack: "many", log: await many() });

    await program("../../index.ts");
    await stopSandbox({ home: own.home });
    await record("unreachable-cluster", () => preview());
  } finally {
    await own.remove();
    await rm(charts, { recursive: true });
  }
}

function waiver(): Record<string, string> {
  return {
    rule: "memory-limits-set",
    object: "Deployment codelab-dev/gateway",
    reason: "Being measured under load before a limit is set",
    owner: "team-gateway",
    expires: waiverEnds,
  };
}

/** Settings in a stack file whose other keys, such as the salt of its secrets, stay. */
async function writeSettings(file: string, config: Record<string, unknown>): Promise<void> {
  const present = parse(await readFile(file, "utf8").catch(() => "{}")) as Record<string, unknown>;
  await writeFile(file, stringify({ ...present, config }));
}

/** A copy of the sandbox's charts, so that a situation can have newer ones. */
async function ownCharts(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "keelson-charts-")));
  await cp(fileURLToPath(new URL("../../sandbox/charts", import.meta.url)), folder, { recursive: true });
  return folder;
}

/** Gives every chart, its parts and what they run the next patch version, as a catalogue's update would. */
async function newVersions(folder: string): Promise<void> {
  const next = (_: string, before: string, patch: string, after: string) => `${before}${Number(patch) + 1}${after}`;
  for (const file of await readdir(folder, { recursive: true })) {
    const path = join(folder, file);
    const versions = file.endsWith("Chart.yaml")
      ? /^((?:version|appVersion): .*\.)(\d+)(["']?)$/gm
      : /("v?\d+\.\d+\.)(\d+)(")/g;
    if (/Chart\.yaml$|templates\/.*\.(yaml|tpl)$/.test(file))
      await writeFile(path, (await readFile(path, "utf8")).replaceAll(versions, next));
  }
}
