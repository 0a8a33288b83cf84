import { readFile } from "node:fs/promises";
import { openComments, providers, type Run } from "../forge/open.ts";
import { ForgeError } from "../forge/posts.ts";
import { secretIn } from "../forge/secrets.ts";
import { keep, putAside } from "../forge/sticky.ts";
import { EventLogError } from "../report/events.ts";
import { formats } from "../report/formats.ts";
import { reportOf } from "../report/report.ts";
import { Arguments } from "./arguments.ts";
import { runCommand } from "./run-command.ts";
import { readReport } from "./take-report.ts";

const help = `npm run comment -- --provider PROVIDER [--report FILE] [--failed TEXT] | --superseded | --merged

Keeps one comment of ours on a pull request: makes it, or changes the one that is there. Comments of others are left alone.

  --provider      one of: ${providers.join(", ")}
  --report FILE   what to post, as npm run report writes it: Markdown (comment.md), which is posted as it is, or JSON
                  (report.json), which is checked and made into Markdown here: the one to take from an untrusted place
  --failed TEXT   what to say where there is no such file, or it is empty
  --superseded    say above the comment that a newer commit is being looked at, and fold it
  --merged        say above the comment that its pull request is merged, and fold it

  --pull-request N  number of the pull or merge request; default: what the event of this CI run is about
  --repository R    owner/name at GitHub, number or path of the project at GitLab; default: the one of this CI run
  --file FILE       the file of provider file
  --name NAME       tells several comments on one pull request from each other; default "keelson"
  --run N           number of the run that speaks: an older one never overwrites a newer one; default: the one of this CI run
  --help            this text

The token comes from GITHUB_TOKEN (pull-requests: write) or GITLAB_TOKEN (scope api), never from a word.
Exit status: 0 done, or nobody to tell; 1 the forge refused, or the text has a secret in it; 2 wrong words.`;

const args = new Arguments("comment", help, {
  provider: { type: "string" },
  report: { type: "string" },
  failed: { type: "string" },
  superseded: { type: "boolean" },
  merged: { type: "boolean" },
  "pull-request": { type: "string" },
  repository: { type: "string" },
  file: { type: "string" },
  name: { type: "string" },
  run: { type: "string" },
});
const provider = args.required("provider", providers);
const name = args.text("name") ?? "keelson";
if (!/^[\w-]+$/.test(name)) args.fail("--name may have letters, digits, - and _");
const number = args.text("pull-request");
if (number !== undefined && !/^[1-9]\d*$/.test(number)) args.fail(`--pull-request must be a number, not "${number}"`);
const speaks = args.text("run");
if (speaks !== undefined && !/^\d+(\.\d+)?$/.test(speaks)) args.fail(`--run must be a number, not "${speaks}"`);
const says = args.text("report") !== undefined || args.text("failed") !== undefined;
if ([says, args.flag("superseded"), args.flag("merged")].filter(Boolean).length !== 1)
  args.fail("say one of --report (or --failed, or both), --superseded and --merged");
if (provider === "file" && !args.text("file")) args.fail("--file is missing");

await runCommand(async () => {
  try {
    return await comment();
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    console.error(`comment: ${error.message}`);
    return 1;
  }
});

async function comment(): Promise<number> {
  const { comments, run } = await openComments({
    provider,
    repository: args.text("repository"),
    pullRequest: number === undefined ? undefined : Number(number),
    file: args.text("file"),
    env: process.env,
    log: (line) => console.error(line),
  });
  if (comments.length === 0) console.log("There is no pull request to tell: it has a newer commit, or is closed");
  const speaker = { name, run: speaks ?? run.number };
  if (args.flag("superseded") || args.flag("merged")) {
    const note = args.flag("merged")
      ? "**Merged.** What was deployed of it is told by the runs of the deployment."
      : `**Superseded.** A newer commit was pushed; ${link("its preview", run)} is on its way.`;
    for (const posts of comments) await putAside(posts, speaker, note, args.flag("merged"));
    return 0;
  }
  const { text, withheld } = await wanted(run);
  for (const posts of comments) {
    await keep(posts, speaker, text);
    console.log(`Told ${posts.place}`);
  }
  if (!withheld) return 0;
  console.error(`comment: the report was not posted: it has ${withheld} in it`);
  return 1;
}

/** What to post, and what kind of secret kept the report from being posted. */
async function wanted(run: Run): Promise<{ text: string; withheld?: string }> {
  const report = await reportText(run);
  const text = report || failure(args.text("failed") ?? "The preview ended without a report.", run);
  const withheld = secretIn(text, process.env);
  if (!withheld) return { text };
  return { text: failure("The report is withheld: something in it looks like a secret. See the run.", run), withheld };
}

/** The report as Markdown; empty where there is none, or none that can be read. */
async function reportText(run: Run): Promise<string> {
  const file = args.text("report");
  if (file === undefined) return "";
  try {
    if (!file.endsWith(".json")) return (await readFile(file, "utf8")).trim() ? await readFile(file, "utf8") : "";
    const { stacks, context } = await readReport(file);
    // Links lead where this run knows that they lead.
    const report = reportOf(stacks, {
      ...(run.url ? { run: run.url } : {}),
      ...(run.commit ? { commit: run.commit } : {}),
    });
    return formats.markdown.write({ ...report, context: { ...report.context, base: context.base } });
  } catch (error) {
    if (error instanceof EventLogError) console.error(`comment: ${error.message}`);
    else if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return "";
  }
}

/** A text that says that there is no report. What it quotes stays text. */
function failure(reason: string, run: Run): string {
  const ended = run.conclusion && run.conclusion !== "success" ? ` (${run.conclusion.replaceAll("_", " ")})` : "";
  const inert = reason
    .replaceAll(/\p{C}/gu, (character) => (character === "\n" ? "\n" : ""))
    .split("\n")
    .map((line) => `    ${line}`);
  return `## ❌ No preview${ended}\n\n${inert.join("\n")}\n\nNothing can be said about what this change would do: see ${link("the run", run)}.\n`;
}

function link(text: string, { url }: Run): string {
  return url ? `[${text}](${url})` : text;
}
