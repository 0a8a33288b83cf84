import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { readEvents } from "../report/events.ts";
import { formats } from "../report/formats.ts";
import type { Report, StackReport } from "../report/model.ts";
import { reportOf } from "../report/report.ts";
import { stackReport } from "../report/stack-report.ts";
import { Arguments } from "./arguments.ts";
import { backendHelp, backendOption, findPlace } from "./engine-place.ts";
import { lastRun } from "./report-run.ts";
import { runCommand } from "./run-command.ts";
import { contextOf, readReport, rulesOff, standardTimeout, statuses, takeReport, writeReport } from "./take-report.ts";

const help = `npm run --silent report -- (--stack STACK… | --events STACK=FILE… | --report FILE) [options]

Previews stacks with the policy pack and tells what would change, what a reviewer must not miss and which rules are broken.

What is told
  --stack STACK              preview this stack and tell of it; may be given several times
  --up                       update the stacks of --stack instead (pulumi up), and tell of the updates
  --events STACK=FILE        tell of a run from the engine's event log (pulumi … --event-log FILE); may be given several times
  --report FILE              tell of a report that was written with --json, from an untrusted place too: its context is left out
  --base FILE | STACK=FILE   report (JSON) or event log of the base branch: violations are new, existing or fixed
  --policy-pack FOLDER       the pack that judges; default policies
  --policy-pack-config FILE  its configuration
  --timeout SECONDS          how long one run may take; default 1800
  --commit SHA, --repository URL, --run URL
                             what the report is about, for its links

How
  --markdown                 a comment for a pull request, at most 65,536 bytes (default)
  --summary                  the same in full, at most 1 MiB
  --json                     all of it; report/report.schema.json describes it
  --sarif, --junit           broken rules for code scanning and for systems that show tests
  --output FOLDER            all of these, as comment.md, summary.md, report.json, report.sarif and junit.xml
  --help                     this text

${backendHelp}
Exit status: 0 where nothing is in the way; 5 where only a mandatory rule is broken; 1 where program, provider, engine or pack
failed; 2 for wrong words.`;

const formatNames = Object.keys(formats) as (keyof typeof formats)[];
const text = { type: "string" } as const;
const several = { type: "string", multiple: true } as const;
const flag = { type: "boolean" } as const;
const args = new Arguments("report", help, {
  stack: several,
  events: several,
  report: text,
  base: several,
  up: flag,
  "policy-pack": text,
  "policy-pack-config": text,
  timeout: text,
  commit: text,
  repository: text,
  run: text,
  output: text,
  markdown: flag,
  summary: flag,
  json: flag,
  sarif: flag,
  junit: flag,
  backend: backendOption,
});

const chosen = formatNames.filter((name) => args.flag(name));
if (chosen.length > 1) args.fail(`--${chosen.join(" and --")} exclude each other; --output FOLDER writes them all`);
const sources = ["stack", "events"].filter((name) => args.list(name as "stack").length > 0);
if (args.text("report")) sources.push("report");
if (sources.length !== 1)
  args.fail(
    sources.length === 0
      ? "say what to tell of: --stack, --events or --report"
      : `--${sources.join(" and --")} exclude each other`,
  );
if (args.flag("up") && args.list("stack").length === 0) args.fail("--up updates stacks: give them with --stack");
const timeoutSeconds = args.seconds("timeout", standardTimeout);
for (const name of ["repository", "run"] as const) {
  const address = args.text(name);
  if (address !== undefined && !/^https?:\/\//.test(address))
    args.fail(`--${name} must be an address that begins with https://`);
}
const packConfiguration = args.text("policy-pack-config");
const commit = args.text("commit");
if (commit !== undefined && !/^[0-9a-f]{7,64}$/.test(commit)) args.fail("--commit must be the id of a commit");

await runCommand(async () => {
  const report = await makeReport();
  const folder = args.text("output");
  if (folder !== undefined) await writeReport(folder, report);
  const [format] = chosen;
  if (format !== undefined || folder === undefined) process.stdout.write(formats[format ?? "markdown"].write(report));
  return statuses[report.verdict];
});

async function makeReport(): Promise<Report> {
  const context = contextOf(args);
  const base = args.list("base").length > 0 ? (await Promise.all(args.list("base").map(baseStacks))).flat() : undefined;
  const made = args.text("report");
  if (made !== undefined) {
    const told = await readReport(made);
    const compared = reportOf(told.stacks, context, base);
    return { ...compared, context: { ...compared.context, base: base !== undefined || told.context.base } };
  }
  return reportOf(
    args.list("stack").length > 0 ? await runStacks() : await Promise.all(args.list("events").map(fromLog)),
    context,
    base,
  );
}

async function runStacks(): Promise<StackReport[]> {
  const place = await findPlace(args);
  const pack = resolve(args.text("policy-pack") ?? "policies");
  const configuration = packConfiguration === undefined ? undefined : resolve(packConfiguration);
  const update = args.flag("up");
  const reports: StackReport[] = [];
  for (const stack of args.list("stack")) {
    console.error(`${update ? "Updating" : "Previewing"} ${stack} in ${place.name}`);
    reports.push(await takeReport(place, { stack, update, pack, configuration, timeoutSeconds }));
  }
  return reports;
}

async function fromLog(words: string): Promise<StackReport> {
  const [, stack, file] = /^([^=]+)=(.+)$/.exec(words) ?? [];
  if (stack === undefined || file === undefined) return args.fail(`--events ${words}: write STACK=FILE`);
  return stackReport(lastRun(readEvents(await readFile(file, "utf8"), file)), {
    stack,
    off: await rulesOff(packConfiguration),
  });
}

async function baseStacks(words: string): Promise<StackReport[]> {
  return /^[\w.-]+=/.test(words) ? [await fromLog(words)] : (await readReport(words)).stacks;
}
