import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  cleanSandbox,
  describePlugins,
  faultName,
  faultNames,
  parseSelector,
  resetSandbox,
  type Sandbox,
  SandboxError,
  sandboxStatus,
  setFaults,
  startSandbox,
  stopSandbox,
} from "../sandbox/index.ts";
import { type OtherSandbox, otherSandboxes } from "../sandbox/others.ts";
import { toolsFolder } from "../sandbox/paths.ts";
import { shellQuote } from "../sandbox/shell-quote.ts";
import { removeTools } from "../sandbox/tools.ts";
import { Arguments } from "./arguments.ts";
import { whileIdle } from "./deployment.ts";
import { runCommand } from "./run-command.ts";
import { runForeground } from "./run-foreground.ts";
import { shellProfile } from "./shell-profile.ts";

const help = `A Kubernetes control plane and a Pulumi engine of their own, on this machine only.

npm run sandbox -- <command>
  start                  start it, or what of it does not run; first time: get the tools
  shell [-- <command>…]  a shell (or one command) in which pulumi, kubectl and helm mean the sandbox
  status                 what runs, where, and which faults are on
  fault <name> --namespace <N> [--selector <label=value,…>]
                         make pods fail:
${Object.entries(faultNames)
  .map(([name, effect]) => `                           ${name.padEnd(17)} ${effect}`)
  .join("\n")}
  fault clear            switch all faults off
  stop                   end its processes; cluster and state are kept
  reset                  empty its cluster and state
  clean [--tools]        stop it and remove all it has kept; with --tools, its tools too

Environment: KEELSON_TOOLS=auto|installed|download|build, KEELSON_TOOLS_MIRROR=<url>, KEELSON_PLUGINS=auto|official|stand-in,
KEELSON_CACHE=<folder>, KEELSON_SANDBOX_HOME=<folder>`;

const log = (line: string) => console.error(line);

/** The user's own shell; in bash, its prompt says where one is. */
async function openShell(sandbox: Sandbox): Promise<number> {
  const shell = process.env.SHELL || "/bin/sh";
  log(
    "Here pulumi, kubectl and helm mean the sandbox: pulumi preview --stack dev --policy-pack policies, kubectl get pods -A; exit leaves.",
  );
  if (basename(shell) !== "bash") return runForeground(sandbox, shell, []);
  const profile = join(sandbox.paths.home, "bashrc");
  await writeFile(profile, shellProfile(sandbox.env));
  return runForeground(sandbox, shell, ["--rcfile", profile, "-i"]);
}

async function printStatus(): Promise<void> {
  const status = await sandboxStatus();
  console.log(`Home      ${status.home}`);
  for (const [name, pid] of Object.entries(status.processes)) {
    console.log(`${name.padEnd(24)} ${pid === undefined ? "not running" : `running, process ${pid}`}`);
  }
  if (status.marker !== undefined) {
    console.log(
      `API server ${status.marker.server} (${status.ready ? "ready" : "not ready"}), kubeconfig ${status.marker.kubeconfig}`,
    );
    console.log(`Engine with ${describePlugins(status.marker.plugins)}`);
  }
  for (const fault of status.faults) console.log(`Fault on: ${describeFault(fault)}`);
  const others = await otherSandboxes();
  if (others.length > 0) console.log("Sandboxes of other checkouts:");
  for (const other of others) console.log(`  ${describeOther(other)}`);
}

function describeOther({ home, checkout, runs }: OtherSandbox): string {
  const gone = checkout !== undefined && !existsSync(checkout);
  const whose = checkout === undefined ? "" : ` of ${checkout}${gone ? ", which is gone" : ""}`;
  const remedy = gone ? `; remove it: KEELSON_SANDBOX_HOME=${shellQuote(home)} npm run sandbox -- clean` : "";
  return `${home}${whose}: ${runs ? "runs" : "is stopped"}${remedy}`;
}

function describeFault(fault: { name: string; namespace: string; labels: Record<string, string> }): string {
  const labels = Object.entries(fault.labels).map(([label, value]) => `${label}=${value}`);
  return `${fault.name} for pods in ${fault.namespace}${labels.length > 0 ? ` with ${labels.join(",")}` : ""}`;
}

/** The fault that the words ask for; the command ends where they are wrong. */
function askedFault(word: string) {
  const namespace = args.text("namespace");
  if (namespace === undefined) return args.fail("--namespace is missing: where should pods fail?");
  try {
    return { name: faultName(word), namespace, labels: parseSelector(args.text("selector") ?? "") };
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return args.fail(error.message);
  }
}

async function fault(word: string | undefined): Promise<void> {
  if (word === undefined) return args.fail("say which fault: npm run sandbox -- fault never-ready --namespace codelab");
  if (word === "clear") {
    await setFaults(() => [], { log });
    return log("All faults are off");
  }
  const added = askedFault(word);
  await setFaults((faults) => [...faults, added], { log });
  log(`On: ${describeFault(added)}; npm run sandbox -- fault clear switches it off`);
}

// What follows a second "--" is a command for the shell.
const split = process.argv.indexOf("--", 2);
const command = split < 0 ? [] : process.argv.slice(split + 1);
const args = new Arguments(
  "sandbox",
  help,
  {
    tools: { type: "boolean" },
    namespace: { type: "string", short: "n" },
    selector: { type: "string", short: "l" },
  },
  { words: 2, args: process.argv.slice(2, split < 0 ? undefined : split) },
);

async function main(): Promise<number> {
  const [verb, word] = args.words;
  if (word !== undefined && verb !== "fault") args.fail(`"${word}" is too much`);
  switch (verb) {
    case undefined:
      return args.fail("say what to do");
    case "start":
      await startSandbox({ log });
      log("The sandbox runs. Next: npm run sandbox -- shell, or npm start to deploy stack dev");
      return 0;
    case "shell": {
      const sandbox = await startSandbox({ log: command.length > 0 ? () => undefined : log });
      const [file, ...rest] = command;
      return file === undefined ? openShell(sandbox) : runForeground(sandbox, file, rest);
    }
    case "status":
      await printStatus();
      return 0;
    case "fault":
      await fault(word);
      return 0;
    case "stop":
      await whileIdle(log, () => stopSandbox({ log }));
      log("The sandbox is stopped; npm run sandbox -- start continues it");
      return 0;
    case "reset":
      await whileIdle(log, () => resetSandbox({ log }));
      log("Cluster and state of the sandbox are empty");
      return 0;
    case "clean":
      await whileIdle(log, () => cleanSandbox({ log }));
      if (args.flag("tools")) await removeTools(toolsFolder());
      log(`The sandbox is removed${args.flag("tools") ? ", with its tools" : ""}`);
      return 0;
    default:
      return args.fail(`there is no command "${verb}"`);
  }
}

await runCommand(main);
