import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import type { Report, StackReport } from "../report/model.ts";
import { reportOf } from "../report/report.ts";
import { cleanSandbox, type Sandbox, SandboxError, startSandbox } from "../sandbox/index.ts";
import { Arguments } from "./arguments.ts";
import { runCommand } from "./run-command.ts";
import { shareAddons } from "./shared-addons.ts";
import { simulateDeclaredAddons } from "./simulated-addons.ts";
import { contextOf, statuses, takeReport, writeReport } from "./take-report.ts";

const help = `npm run compare -- --change FOLDER --stack STACK… [--output FOLDER]

Tells what another checkout would change against this one, without any cluster or secret: deploys the stacks of this checkout into
a sandbox of its own, then previews those of the other one there. Pack and configuration (policy.json) of this checkout judge;
where the other one has others, what those say is told beside it.

  --change FOLDER   the other checkout, with its packages installed
  --stack STACK     name of a stack; may be given several times, in the order in which they are deployed
  --commit SHA, --repository URL, --run URL   what the report is about, for its links
  --output FOLDER   the report in every format; that of the other checkout's own pack in its folder "own-pack"
  --help            this text

Exit status, by this checkout's pack: 0 nothing is in the way; 5 a mandatory rule is broken; 1 program, provider, engine or pack
failed; 2 wrong words.`;

const args = new Arguments("compare", help, {
  change: { type: "string" },
  stack: { type: "string", multiple: true },
  commit: { type: "string" },
  repository: { type: "string" },
  run: { type: "string" },
  output: { type: "string" },
});
const change = resolve(args.required("change"));
const stacks = args.list("stack");
if (stacks.length === 0) args.fail("--stack is missing");
if (!existsSync(join(change, "Pulumi.yaml"))) args.fail(`${change} is no checkout: it has no Pulumi.yaml`);
const base = process.cwd();
const context = contextOf(args);

await runCommand(async () => {
  const home = join(await realpath(await mkdtemp(join(tmpdir(), "keelson-compare-"))), "sandbox");
  try {
    return await compare(home);
  } finally {
    await cleanSandbox({ home });
    await rm(join(home, ".."), { recursive: true, force: true });
  }
});

async function compare(home: string): Promise<number> {
  const log = (line: string) => console.error(line);
  const before = await deployBase(await startSandbox({ checkout: base, home, log }));
  const sandbox = await startSandbox({ checkout: change, home });
  const report = reportOf(await preview(sandbox, base), context, before);
  await write(report, "");
  console.log(`By the rules of this checkout: ${report.verdict}`);
  if (await hasOwnRules()) {
    const own = reportOf(await preview(sandbox, change), context, before);
    await write(own, "own-pack");
    console.log(`By the rules of the other checkout (for information): ${own.verdict}`);
  }
  return statuses[report.verdict];
}

/** Deploys what this checkout says. @returns what its rules say of it, for telling new violations from old ones. */
async function deployBase(sandbox: Sandbox): Promise<StackReport[]> {
  const found: StackReport[] = [];
  for (const stack of stacks.filter((name) => sandbox.stacks.includes(name))) {
    console.error(`Deploying ${stack} as this checkout says`);
    await prepare(sandbox, stack);
    found.push(await judged(sandbox, stack, base));
    const { exitCode, stdout, stderr } = await sandbox.run("pulumi", [
      ...["up", "--stack", stack, "--yes", "--skip-preview", "--non-interactive", "--color", "never"],
      "--suppress-progress",
    ]);
    if (exitCode !== 0)
      throw new SandboxError(`stack ${stack} of this checkout could not be deployed:\n${stdout}\n${stderr}`);
  }
  return found;
}

async function preview(sandbox: Sandbox, rules: string): Promise<StackReport[]> {
  const found: StackReport[] = [];
  for (const stack of stacks.filter((name) => sandbox.stacks.includes(name))) {
    console.error(`Previewing ${stack} as the other checkout says`);
    await prepare(sandbox, stack);
    found.push(await judged(sandbox, stack, rules));
  }
  return found;
}

async function prepare(sandbox: Sandbox, stack: string): Promise<void> {
  await shareAddons(sandbox, stack);
  await simulateDeclaredAddons(sandbox, stack);
}

/** What a checkout's rules say of a preview. */
function judged({ env, paths }: Sandbox, stack: string, rules: string): Promise<StackReport> {
  const place = { env, cwd: paths.project, name: "a sandbox", sandbox: true, backend: env.PULUMI_BACKEND_URL ?? "" };
  const file = join(rules, "policy.json");
  const configuration = existsSync(file) ? { configuration: file } : {};
  return takeReport(place, { stack, pack: join(rules, "policies"), ...configuration });
}

/** Whether pack or configuration of the other checkout differ from those of this one. */
async function hasOwnRules(): Promise<boolean> {
  const differ = async (name: string) =>
    (await execa("diff", ["-rq", "--exclude=node_modules", join(base, name), join(change, name)], { reject: false }))
      .exitCode !== 0;
  return (await differ("policies")) || (await differ("policy.json"));
}

async function write(report: Report, folder: string): Promise<void> {
  const output = args.text("output");
  if (output !== undefined) await writeReport(join(output, folder), report);
}
