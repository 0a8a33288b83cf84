import { resolve } from "node:path";
import { errorsOf, type StackReport } from "../report/model.ts";
import { reportOf } from "../report/report.ts";
import { type Approved, approvedBy, differences } from "./approval.ts";
import { Arguments } from "./arguments.ts";
import { backendHelp, backendOption, findPlace } from "./engine-place.ts";
import { runCommand } from "./run-command.ts";
import { readReport, standardTimeout, takeReport, writeReport } from "./take-report.ts";

const help = `npm run deploy -- --stack STACK (--report FILE | --approved DIGEST) [options]

Updates a stack, if the update would do exactly what was approved: previews it again, compares, and refuses where anything differs,
saying what. Policy pack and configuration judge the preview and, object by object, the update itself.

  --stack STACK              name of the stack
  --report FILE              the approved report, as npm run report writes it (report.json)
  --approved DIGEST          or its changes' digest alone: sha256:…
  --policy-pack FOLDER       the pack that judges; default policies
  --policy-pack-config FILE  its configuration
  --timeout SECONDS          how long preview and update may take, each; default 1800
  --output FOLDER            report of the update, or of the preview where it is refused, in every format
  --help                     this text

${backendHelp}
Exit status: 0 updated, or nothing was to change; 4 refused, because other changes were approved; 5 refused, because a mandatory
rule is broken; 1 program, provider, engine or pack failed; 2 wrong words.`;

const args = new Arguments("deploy", help, {
  stack: { type: "string" },
  report: { type: "string" },
  approved: { type: "string" },
  "policy-pack": { type: "string" },
  "policy-pack-config": { type: "string" },
  timeout: { type: "string" },
  output: { type: "string" },
  backend: backendOption,
});
const stack = args.required("stack");
const file = args.text("report");
const digest = args.text("approved");
if ((file === undefined) === (digest === undefined)) args.fail("say what was approved: --report or --approved");
if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
  args.fail("--approved must be sha256: and 64 digits");
const timeoutSeconds = args.seconds("timeout", standardTimeout);

await runCommand(deploy);

async function deploy(): Promise<number> {
  const approved = await readApproved();
  if (typeof approved === "string") return refuse(4, approved);
  const place = await findPlace(args);
  const configuration = args.text("policy-pack-config");
  const taking = {
    stack,
    pack: resolve(args.text("policy-pack") ?? "policies"),
    ...(configuration === undefined ? {} : { configuration: resolve(configuration) }),
    timeoutSeconds,
  };
  console.log(`Previewing ${stack} in ${place.name}, to see whether it would do what was approved`);
  const planned = await takeReport(place, taking);
  const wrong = await stopped(planned);
  if (wrong !== undefined) return wrong;
  const others = differences(approved, planned);
  if (others.length > 0) {
    await write(planned);
    return refuse(4, `stack ${stack} would be changed in another way than was approved:\n  ${others.join("\n  ")}`);
  }
  if (planned.changes.list.length === 0) {
    await write(planned);
    console.log("Nothing is to change");
    return 0;
  }
  console.log(`Updating ${stack}: ${planned.changes.list.length} changes, as approved (${planned.changes.digest})`);
  const updated = await takeReport(place, { ...taking, update: true, words: ["--skip-preview"] });
  const failed = await stopped(updated);
  if (failed !== undefined) return failed;
  await write(updated);
  console.log(`Stack ${stack} is updated`);
  return 0;
}

async function readApproved(): Promise<Approved | string> {
  return digest === undefined ? approvedBy(await readReport(file ?? ""), stack) : { digest };
}

/** Exit status of a run that a rule or a failure stopped, after it was told why. */
async function stopped(told: StackReport): Promise<number | undefined> {
  if (told.verdict === "clean") return undefined;
  await write(told);
  const errors = errorsOf(told);
  const what =
    told.operation === "preview"
      ? "nothing was changed"
      : `the update ${told.verdict === "failed" && errors.length === 0 ? "was made" : "ended before its end"}`;
  if (told.verdict === "policy") {
    const broken = told.findings.filter(({ level, verdict }) => level === "mandatory" && verdict === "broken");
    const lines = broken.map(({ rule, object, problem }) => `${rule}: ${object}: ${problem}`);
    return refuse(5, `mandatory rules are broken, ${what}:\n  ${lines.join("\n  ")}`);
  }
  const missing = told.packs.flatMap((pack) => pack.missing);
  const unproven =
    told.packs.length === 0 ? "the policy pack did not run" : `rules of the pack did not judge: ${missing.join(", ")}`;
  const reasons = errors.length > 0 ? errors : [unproven];
  return refuse(1, `${what}:\n  ${reasons.join("\n").replaceAll("\n", "\n  ")}`);
}

async function write(told: StackReport): Promise<void> {
  const folder = args.text("output");
  if (folder !== undefined) await writeReport(folder, reportOf([told]));
}

function refuse(status: number, message: string): number {
  console.error(`deploy: ${message}`);
  return status;
}
