import { constants } from "node:os";
import { sandboxStatus, startSandbox } from "../sandbox/index.ts";
import { ownCheckout } from "../sandbox/paths.ts";
import { elapsed } from "../sandbox/progress.ts";
import { stackNames } from "../sandbox/project.ts";
import { Arguments } from "./arguments.ts";
import { deploying } from "./deployment.ts";
import { runCommand } from "./run-command.ts";
import { runForeground } from "./run-foreground.ts";
import { shareAddons } from "./shared-addons.ts";
import { simulateDeclaredAddons } from "./simulated-addons.ts";

const help = `Starts the sandbox and deploys one stack into it.

npm start [-- --stack <name>]
  --stack, -s   the stack to deploy, by its file Pulumi.<name>.yaml; default dev
  --help, -h    this text`;

const args = new Arguments("start", help, { stack: { type: "string", short: "s" } });
const stack = args.text("stack") ?? "dev";

const log = (line: string) => console.log(line);

async function main(): Promise<number> {
  const stacks = await stackNames(ownCheckout);
  if (!stacks.includes(stack)) args.fail(`there is no stack file Pulumi.${stack}.yaml; there are ${stacks.join(", ")}`);
  return deploying(stack, log, deploy);
}

async function deploy(): Promise<number> {
  const started = performance.now();
  const sandbox = await startSandbox({ log });
  const owned = await shareAddons(sandbox, stack);
  if (owned.size > 0) {
    const list = [...owned].map(([addon, owner]) => `${addon} (${owner})`).join(", ");
    console.log(`Owned by another stack in this cluster, so stack ${stack} relies on them: ${list}`);
  }
  const simulated = await simulateDeclaredAddons(sandbox, stack);
  if (simulated.length > 0) {
    console.log(`Declared present and owned by no stack here, so the sandbox plays them: ${simulated.join(", ")}`);
  }
  console.log(`Deploying stack ${stack}: pulumi up --stack ${stack} --policy-pack policies`);
  const code = await runForeground(sandbox, "pulumi", [
    ...["up", "--stack", stack, "--policy-pack", "policies"],
    // The preview comes first: a violation of a policy stops it before anything is changed.
    "--yes",
    // On a terminal the engine draws a tree; elsewhere its dots are noise.
    ...(process.stdout.isTTY ? [] : ["--suppress-progress"]),
  ]);
  // Where the terminal was closed, there is nobody to tell.
  if (code === 128 + constants.signals.SIGHUP) return code;
  if (code !== 0) {
    const { ready } = await sandboxStatus();
    const state = ready ? "still runs: npm run sandbox -- shell" : "does not run any more: npm run sandbox -- start";
    console.error(
      `\nStack ${stack} was not deployed (after ${elapsed(started)}). The sandbox ${state}\n` +
        `If the stack is locked because its engine was killed: npm run recover -- --stack ${stack} --backend sandbox`,
    );
    return code;
  }
  console.log(`
Stack ${stack} is deployed, ${elapsed(started)} in all.
  The cluster   ${sandbox.marker.server}, kubeconfig ${sandbox.marker.kubeconfig}
  Look around   npm run sandbox -- shell, and in it: kubectl get pods -A; pulumi stack output --stack ${stack}
  Change it     edit Pulumi.${stack}.yaml, then in that shell: pulumi preview --stack ${stack} --policy-pack policies
  Next          ${stack === "prod" ? "" : "npm start -- --stack prod; "}npm run sandbox -- fault --help; npm run sandbox -- stop
Pods are simulated: objects, addresses and waits are real, but no container runs, so nothing answers at the addresses.`);
  return 0;
}

await runCommand(main);
