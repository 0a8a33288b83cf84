import { lookup } from "node:dns/promises";
import { CoreV1Api } from "@kubernetes/client-node";
import { execa } from "execa";
import { inhabited } from "../components/model/system.ts";
import { SandboxError } from "../sandbox/index.ts";
import { SettingsError } from "../settings/read.ts";
import type { Resolved } from "../settings/resolve.ts";
import { findSandbox } from "../settings/runtime.ts";
import { neededSecrets } from "../settings/secrets.ts";
import { Arguments } from "./arguments.ts";
import { type Answers, afterUpdate, pendingOperations, questions } from "./doctor/after.ts";
import { beforeUpdate } from "./doctor/before.ts";
import { backups, images, names, type Tool, tools } from "./doctor/declared.ts";
import { clusterFacts, kubeConfigOf, reason } from "./doctor/facts.ts";
import { exitStatus, type Finding, line, verdicts } from "./doctor/verdict.ts";
import { backendHelp, backendOption, type EnginePlace, findPlace, runPulumi } from "./engine-place.ts";
import { resolvedSettings } from "./release-settings.ts";

const help = `npm run doctor -- --stack STACK [--before | --after] [--json]

Looks at a stack and its cluster and changes nothing. One line for each thing: ok, warning, failed, or cannot tell.

  --stack    name of the stack
  --before   what must be there before an update: tools, cluster, classes, capacity, secrets, images, names
  --after    what an update shall have made: pods, endpoints, certificates, autoscalers, backups, the state
             Neither: both, where the stack is deployed
  --json     one JSON array of {check, verdict, message, todo}
  --help     this text

${backendHelp}
Exit status: 0 where nothing is wrong, 1 with warnings, 2 where something failed.`;

const args = new Arguments("doctor", help, {
  stack: { type: "string" },
  before: { type: "boolean" },
  after: { type: "boolean" },
  json: { type: "boolean" },
  backend: backendOption,
});
const stack = args.required("stack");
const progress = (text: string) => console.error(text);
const findings: Finding[] = [];
const add = (more: Finding[]) => {
  findings.push(...more);
  if (!args.flag("json")) for (const finding of more) console.log(line(finding));
};

await examine().catch((error: unknown) => {
  if (!(error instanceof SandboxError)) throw error;
  add([{ check: "sandbox", verdict: "failed", message: error.message }]);
});
if (args.flag("json")) console.log(JSON.stringify(findings, null, 2));
else
  console.log(
    `\n${verdicts.map((verdict) => `${findings.filter((one) => one.verdict === verdict).length} ${verdict}`).join(", ")}`,
  );
process.exit(exitStatus(findings));

async function examine(): Promise<void> {
  const place = await findPlace(args);
  progress(`Looking at stack ${stack} in ${place.name}`);
  const before = args.flag("before") || !args.flag("after");
  if (before) add(tools(await findTools(place)));
  const settings = await readSettings(place);
  if (!settings) return;
  const { platform } = settings;
  if (before) add([...secretsSet(settings, place), ...images(platform), ...backups(platform)]);
  const hosts = await resolveHosts(platform);
  if (before) add(names(hosts));
  const facts = await clusterFacts(settings, progress);
  if ("unreachable" in facts)
    return add([
      {
        check: "cluster",
        verdict: "failed",
        message: `cannot be asked: ${facts.unreachable}`,
        todo: "see keelson:cluster and your kubeconfig (kubectl cluster-info)",
      },
    ]);
  if (before) add(beforeUpdate(facts, platform));
  const deployed =
    inhabited(platform) && facts.namespaces?.some(({ metadata }) => metadata.name === platform.namespace);
  if (!args.flag("after") && (args.flag("before") || !deployed)) return;
  progress("Asking the services");
  const asked = facts.simulated ? {} : await ask(settings);
  add(afterUpdate(facts, platform, hosts, asked, new Date()));
  add(pendingOperations(await pending(place), stack));
}

/** The stack's settings, or undefined after each problem of theirs was told. */
async function readSettings(place: EnginePlace): Promise<Resolved | undefined> {
  try {
    const settings = await resolvedSettings(place, stack);
    add([
      {
        check: "settings",
        verdict: "ok",
        message: `system ${settings.platform.name}, ${settings.platform.environment}`,
      },
    ]);
    return settings;
  } catch (error) {
    const problems = error instanceof SettingsError ? error.problems : [reason(error)];
    add(problems.map((message) => ({ check: "settings", verdict: "failed", message })));
    return undefined;
  }
}

/** 000-CHK-2. Those that are missing are problems of the settings already; the values are not looked at. */
function secretsSet({ platform, notices }: Resolved, { env }: EnginePlace): Finding[] {
  const needed = neededSecrets(platform);
  const [notice] = notices;
  if (findSandbox(env) && notice)
    return [{ check: "secrets", verdict: "cannot tell", message: notice, todo: "set them before you deploy for real" }];
  return [{ check: "secrets", verdict: "ok", message: needed.join(", ") || "none is needed" }];
}

async function findTools({ env }: EnginePlace): Promise<Tool[]> {
  const version = async (name: string, words: string[]) => {
    const { stdout = "", failed } = await execa(name, words, {
      env,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: 30_000,
    });
    return failed ? undefined : /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  };
  return [
    { name: "node", wanted: ">=22.18", found: process.versions.node, needed: true },
    { name: "pulumi", wanted: ">=3.200.0", found: await version("pulumi", ["version"]), needed: true },
    { name: "kubectl", wanted: ">=1.25.0", found: await version("kubectl", ["version", "--client"]), needed: false },
  ];
}

async function resolveHosts({
  ingresses,
  domain,
}: Resolved["platform"]): Promise<Record<string, string[] | undefined>> {
  const hosts = Object.values(ingresses).map(({ subdomain }) => (subdomain ? `${subdomain}.${domain}` : domain));
  const found = [...new Set(hosts)].map(async (host) => {
    const addresses = await lookup(host, { all: true }).catch(() => undefined);
    return [host, addresses?.map(({ address }) => address)] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/** Asks each service by way of the API server, whatever network policies say of us. */
async function ask({ cluster, platform }: Resolved): Promise<Answers> {
  const client = kubeConfigOf(cluster).makeApiClient(CoreV1Api);
  const asked = questions(platform).map(async ({ name, host, port, path }) => {
    const question = { name: `${host}:${port}`, namespace: platform.namespace, path: path.slice(1) };
    const status = await client
      .connectGetNamespacedServiceProxyWithPath(question)
      .then(() => 200)
      .catch(({ code }: { code?: number }) => (code === 503 ? undefined : code));
    return [name, status] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}

/** What an interrupted update left pending in the state; undefined where the state cannot be read. */
async function pending(place: EnginePlace): Promise<string[] | undefined> {
  const { stdout, failed } = await runPulumi(place, stack, ["stack", "export"]);
  if (failed) return undefined;
  const { deployment } = JSON.parse(stdout) as {
    deployment: { pending_operations?: { type: string; resource: { urn: string } }[] };
  };
  return (deployment.pending_operations ?? []).map(
    ({ type, resource }) => `${type} ${resource.urn.split("::").at(-1)}`,
  );
}
