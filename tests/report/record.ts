import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ownCheckout } from "../../sandbox/paths.ts";
import { versions } from "../../sandbox/tool-catalogue.ts";
import { type Example, exampleMarkdown, examplesFolder } from "./examples.ts";
import { recordedLog } from "./recorded-log.ts";
import { recordAll } from "./situations.ts";

/*
 * npm run record-reports: runs the engine in every situation that docs/report.md shows and keeps its events and the comment made of
 * them. Takes about ten minutes. A test says when the comments no longer follow from the events (npm run record-reports -- --comments
 * writes them anew without running the engine).
 */

const tools = { pulumi: versions.pulumi };

if (process.argv.includes("--comments")) await writeComments((await import("./examples.ts")).examples());
else await recordEverything();

async function recordEverything(): Promise<void> {
  await rm(examplesFolder, { recursive: true, force: true });
  await mkdir(examplesFolder, { recursive: true });
  const recorded: Example[] = [];
  await recordAll(async ({ name, stack, log, base }) => {
    console.error(`${name}: ${log.length} letters of events`);
    const places = { [ownCheckout]: "/work" };
    const kept = (text: string) => gzipSync(recordedLog(withoutHome(text), places, tools), { level: 9 });
    await writeFile(join(examplesFolder, `${name}.events.ndjson.gz`), kept(log));
    if (base !== undefined) await writeFile(join(examplesFolder, `${name}.base.ndjson.gz`), kept(base));
    recorded.push({ name, stack, compared: base !== undefined });
    await writeFile(join(examplesFolder, "index.json"), `${JSON.stringify(recorded, null, 2)}\n`);
  });
  await writeComments(recorded);
}

/** Folders of the sandbox have a name of their own in each recording. */
function withoutHome(log: string): string {
  return log.replaceAll(/\/[^\s"']*\/keelson-(life|charts)-[^/\s"']+/g, "/$1");
}

async function writeComments(all: readonly Example[]): Promise<void> {
  for (const example of all) await writeFile(join(examplesFolder, `${example.name}.md`), exampleMarkdown(example));
}
