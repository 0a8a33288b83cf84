import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Arguments } from "../../commands/arguments.ts";
import { ownCheckout } from "../../sandbox/paths.ts";
import { versions } from "../../sandbox/tool-catalogue.ts";
import { type Example, exampleMarkdown, examples, examplesFolder } from "./examples.ts";
import { recordedLog } from "./recorded-log.ts";
import { recordAll } from "./situations.ts";

const help = `npm run record-reports [-- --comments | --only NAME,…]

Runs the engine in a sandbox in every situation that docs/report.md shows, and keeps its events and the comment made of them. Takes
some minutes. A test says when the comments no longer follow from the events.

  --comments   make the comments anew from the events that are kept, without the engine
  --only       record these situations only
  --help       this text`;

const tools = { pulumi: versions.pulumi };
const args = new Arguments("record-reports", help, { comments: { type: "boolean" }, only: { type: "string" } });
if (args.flag("comments")) await writeComments(examples());
else await record(args.text("only"));

async function record(only: string | undefined): Promise<void> {
  const names = only?.split(",");
  for (const one of names ?? [])
    if (!examples().some(({ name }) => name === one)) args.fail(`there is no situation "${one}"`);
  if (only === undefined) await rm(examplesFolder, { recursive: true, force: true });
  await mkdir(examplesFolder, { recursive: true });
  const recorded: Example[] = [];
  const wanted = (name: string) => names?.includes(name) ?? true;
  await recordAll(async ({ name, stack, log, base }) => {
    console.error(`${name}: ${log.length} letters of events`);
    const places = { [ownCheckout]: "/keelson" };
    const kept = (text: string) => gzipSync(recordedLog(withoutHome(text), places, tools), { level: 9 });
    await writeFile(join(examplesFolder, `${name}.events.ndjson.gz`), kept(log));
    if (base !== undefined) await writeFile(join(examplesFolder, `${name}.base.ndjson.gz`), kept(base));
    recorded.push({ name, stack, compared: base !== undefined });
    if (only === undefined)
      await writeFile(join(examplesFolder, "index.json"), `${JSON.stringify(recorded, null, 2)}\n`);
  }, wanted);
  await writeComments(recorded);
}

/** Folders of the sandbox have a name of their own in each recording. */
function withoutHome(log: string): string {
  return log.replaceAll(/\/[^\s"']*\/keelson-(life|charts)-[^/\s"']+/g, "/$1");
}

async function writeComments(all: readonly Example[]): Promise<void> {
  for (const example of all) await writeFile(join(examplesFolder, `${example.name}.md`), exampleMarkdown(example));
}
