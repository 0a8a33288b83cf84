import { openIssues, providers } from "../forge/open.ts";
import { ForgeError } from "../forge/posts.ts";
import { secretIn } from "../forge/secrets.ts";
import { clear, keep } from "../forge/sticky.ts";
import { formats } from "../report/formats.ts";
import { errorsOf } from "../report/model.ts";
import { reportOf } from "../report/report.ts";
import { Arguments } from "./arguments.ts";
import { backendHelp, backendOption, findPlace } from "./engine-place.ts";
import { runCommand } from "./run-command.ts";
import { standardTimeout, takeReport, writeReport } from "./take-report.ts";

const help = `npm run drift -- --stack STACK [--provider PROVIDER] [--output FOLDER]

Looks for what in the cluster is not as the program says: reads every object of the stack from the cluster and previews what an
update would set right. Changes nothing.

  --stack STACK        name of the stack
  --provider PROVIDER  keeps one issue about it, and closes it when the drift is over; one of: ${providers.join(", ")}
  --repository R       owner/name at GitHub, number or path of the project at GitLab; default: the one of this CI run
  --file FILE          the file of provider file
  --timeout SECONDS    how long the preview may take; default 1800
  --output FOLDER      the report, in every format
  --help               this text

${backendHelp}
The token comes from GITHUB_TOKEN (issues: write) or GITLAB_TOKEN (scope api).
Exit status: 0 no drift; 4 drift; 1 program, provider, engine or forge failed; 2 wrong words.`;

const args = new Arguments("drift", help, {
  stack: { type: "string" },
  provider: { type: "string" },
  repository: { type: "string" },
  file: { type: "string" },
  timeout: { type: "string" },
  output: { type: "string" },
  backend: backendOption,
});
const stack = args.required("stack");
const provider = args.choice("provider", providers);
if (provider === "file" && !args.text("file")) args.fail("--file is missing");
const timeoutSeconds = args.seconds("timeout", standardTimeout);

await runCommand(async () => {
  try {
    return await drift();
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    console.error(`drift: ${error.message}`);
    return 1;
  }
});

async function drift(): Promise<number> {
  const place = await findPlace(args);
  console.log(`Comparing stack ${stack} in ${place.name} with its cluster`);
  const told = await takeReport(place, { stack, words: ["--refresh"], timeoutSeconds });
  const report = reportOf([told]);
  const folder = args.text("output");
  if (folder !== undefined) await writeReport(folder, report);
  if (told.verdict === "failed") {
    console.error(`drift: could not look:\n${errorsOf(told).join("\n")}`);
    return 1;
  }
  const { list } = told.changes;
  const lines = list.map(
    ({ operation, kind, namespace, name }) => `${operation} ${kind} ${namespace ? `${namespace}/` : ""}${name}`,
  );
  console.log(list.length === 0 ? "No drift" : `Drift; an update would\n  ${lines.join("\n  ")}`);
  if (provider) await tell(provider, list.length === 0 ? undefined : formats.markdown.write(report));
  return list.length === 0 ? 0 : 4;
}

/** Keeps the issue, or closes it where there is nothing to tell any more. */
async function tell(provider: (typeof providers)[number], text: string | undefined): Promise<void> {
  const { env } = process;
  const where = { provider, repository: args.text("repository"), file: args.text("file"), env };
  const issues = openIssues(where, { title: `Drift in stack ${stack}`, label: "drift" });
  const speaker = { name: `drift-${stack}`, run: env.GITHUB_RUN_ID ?? env.CI_PIPELINE_ID };
  if (text === undefined) return clear(issues, speaker);
  const secret = secretIn(text, env);
  if (secret) throw new ForgeError(`the report was not posted: it has ${secret} in it`);
  await keep(
    issues,
    speaker,
    `The cluster is not as the program says. What an update (\`npm run deploy\`) would set right:\n\n${text}`,
  );
}
