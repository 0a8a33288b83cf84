import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import { Arguments } from "./arguments.ts";
import { mendCheckpoint } from "./checkpoint.ts";
import { backendHelp, backendOption, findPlace, runPulumi } from "./engine-place.ts";
import { endOrphanedPlugins } from "./orphaned-plugins.ts";
import { runCommand } from "./run-command.ts";
import { livingLockHolders } from "./stack-lock.ts";

const help = `npm run recover -- --stack STACK

Brings a stack back after its engine was killed: ends what it left running, releases the lock, makes sure that what was being
created is ours, runs the update again to its end and clears what is left as pending. Says what it did.

  --stack   name of the stack
  --help    this text

${backendHelp}`;

interface State {
  urn: string;
  type: string;
  inputs?: Record<string, unknown>;
}

interface Deployment {
  deployment: { resources?: State[]; pending_operations?: { type: string; resource: State }[] };
}

/** Ends the command with one message. */
class RecoverError extends Error {}

const args = new Arguments("recover", help, { stack: { type: "string" }, backend: backendOption });
const stack = args.required("stack");

await runCommand(async () => {
  try {
    await recover();
    return 0;
  } catch (error) {
    if (!(error instanceof RecoverError)) throw error;
    console.error(`recover: ${error.message}`);
    return 1;
  }
});

async function recover(): Promise<void> {
  const place = await findPlace(args);
  const { env } = place;
  const pulumi = async (words: string[], more: NodeJS.ProcessEnv = {}) => {
    const { failed, stdout, output } = await runPulumi(place, stack, words, more);
    if (failed) throw new RecoverError(`pulumi ${words.join(" ")} failed:\n${output}`);
    return stdout;
  };
  const exportState = async () => JSON.parse(await pulumi(["stack", "export"])) as Deployment;

  console.log(`Recovering stack ${stack} in ${place.name}`);
  const running = await livingLockHolders(place, stack);
  if (running.length)
    throw new RecoverError(
      `an update of stack ${stack} is still running (process ${running.join(", ")}); let it end, or interrupt it with Ctrl-C`,
    );
  const ended = await endOrphanedPlugins(pluginHome(env));
  if (ended.length) console.log(`Ended what the killed engine left running: ${ended.join(", ")}`);
  const mended = await mendCheckpoint(place, stack).catch((error: Error) => {
    throw new RecoverError(`${error.message}; restore the state from a backup`);
  });
  if (mended === "attributes")
    console.log("The engine was killed while it wrote its state: made the state readable again");
  if (mended === "checkpoint") console.log("The state could not be read: took the one written just before");
  await releaseLock(pulumi);
  const before = await exportState();
  const pending = before.deployment.pending_operations ?? [];
  console.log(
    pending.length
      ? `Interrupted: ${pending.length} operation${pending.length > 1 ? "s" : ""}`
      : "Nothing was left half-done",
  );
  for (const { type, resource } of pending) console.log(`  ${type} ${resource.urn}`);

  console.log("Looking at what is still to be created");
  await refuseForeign(
    before,
    pending.map(({ resource }) => resource),
    await plannedCreates(pulumi),
  );
  if (pending.some(({ resource }) => resource.type.startsWith("kubernetes:"))) {
    console.log("Running the update to its end; what it had begun to create is taken over");
    // Without force, applying to what was created conflicts wherever the API server filled in a default.
    const takeOver = { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true", PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
    await pulumi(["up", "--yes", "--skip-preview"], takeOver);
    // The state remembers the provider with that switch on; the next update switches it off, or later ones would take over anything.
  } else console.log("Running the update to its end");
  await pulumi(["up", "--yes", "--skip-preview"]);
  if (pending.length) await pulumi(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
  const left = (await exportState()).deployment.pending_operations ?? [];
  if (left.length)
    throw new RecoverError(
      `${left.length} operations are still pending: ${left.map(({ resource }) => resource.urn).join(", ")}; run it again`,
    );
  console.log(`Recovered: stack ${stack} is complete, nothing is pending`);
}

type Pulumi = (words: string[], more?: NodeJS.ProcessEnv) => Promise<string>;

function pluginHome(env: NodeJS.ProcessEnv): string {
  if (env.KEELSON_SANDBOX) return dirname(env.KEELSON_SANDBOX);
  return env.PULUMI_HOME || join(homedir(), ".pulumi");
}

async function releaseLock(pulumi: Pulumi): Promise<void> {
  await pulumi(["cancel", "--yes"]);
  console.log("Released the lock");
}

/** URNs of what the update would create now. */
async function plannedCreates(pulumi: Pulumi): Promise<State[]> {
  const { steps } = JSON.parse(await pulumi(["preview", "--json"])) as { steps?: { op: string; newState?: State }[] };
  return (steps ?? []).flatMap(({ op, newState }) => (op === "create" && newState ? [newState] : []));
}

/** Taking over is for what the interrupted update had begun to create, and for nothing else. */
async function refuseForeign({ deployment }: Deployment, pending: State[], creates: State[]): Promise<void> {
  const clients = clientFor(deployment.resources ?? []);
  if (!clients) return;
  const foreign: string[] = [];
  for (const { urn, type, inputs } of creates.filter(({ type }) => type.startsWith("kubernetes:"))) {
    const { apiVersion, kind, metadata } = (inputs ?? {}) as {
      apiVersion?: string;
      kind?: string;
      metadata?: { name?: string; namespace?: string; labels?: Record<string, string> };
    };
    if (!apiVersion || !kind || !metadata?.name || type.includes("helm.sh")) continue;
    const place = `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ""}${metadata.name}`;
    const live = await clients
      .read({
        apiVersion,
        kind,
        metadata: { name: metadata.name, ...(metadata.namespace ? { namespace: metadata.namespace } : {}) },
      })
      .catch((error: { code?: number; message?: string }) => {
        // Of a kind that the server does not know yet, its definition being still to come, there is no object.
        if (error.code === 404 || error.message?.startsWith("Unrecognized API version and kind")) return undefined;
        throw new RecoverError(
          `${place} could not be looked at: ${error.code ? `status ${error.code}` : error.message}`,
        );
      });
    if (!live) continue;
    const begun = pending.some((resource) => resource.urn === urn);
    const byPulumi =
      live.metadata?.managedFields?.some(({ manager }) => manager?.startsWith("pulumi-kubernetes")) ?? false;
    const sameLabels = Object.entries(metadata.labels ?? {}).every(
      ([key, value]) => live.metadata?.labels?.[key] === value,
    );
    if (!begun || !byPulumi || !sameLabels) foreign.push(place);
  }
  if (foreign.length) {
    throw new RecoverError(
      `these objects exist and are not this stack's: ${foreign.join(", ")}; nothing was changed. Delete them, or bring them into the stack with pulumi import`,
    );
  }
}

/** A client for the cluster that the state's provider names. Without a provider nothing was created yet. */
function clientFor(resources: State[]): KubernetesObjectApi | undefined {
  const provider = resources.find(({ type }) => type === "pulumi:providers:kubernetes");
  if (!provider) return undefined;
  const { kubeconfig, context } = (provider.inputs ?? {}) as { kubeconfig?: string; context?: string };
  const config = new KubeConfig();
  if (kubeconfig?.trimStart().startsWith("apiVersion") || kubeconfig?.trimStart().startsWith("{"))
    config.loadFromString(kubeconfig);
  else if (kubeconfig) config.loadFromFile(kubeconfig);
  else config.loadFromDefault();
  if (context) config.setCurrentContext(context);
  return KubernetesObjectApi.makeApiClient(config);
}
