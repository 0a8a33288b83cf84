import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type EngineEvent, readEvents } from "../../report/events.ts";
import { markdown } from "../../report/markdown/document.ts";
import type { Report } from "../../report/model.ts";
import { reportOf } from "../../report/report.ts";
import { stackReport } from "../../report/stack-report.ts";

/** Where the examples are. */
export const examplesFolder = "docs/examples/reports";

/** What an example is of, as `index.json` in their folder says. */
export interface Example {
  name: string;
  stack: string;
  /** Whether there is a run of the base branch beside it. */
  compared: boolean;
}

/** The examples that are kept. */
export function examples(): Example[] {
  return JSON.parse(readFileSync(join(examplesFolder, "index.json"), "utf8")) as Example[];
}

/** The events of an example; of the base branch's run where asked for. */
export function eventsOf({ name }: Pick<Example, "name">, run: "events" | "base" = "events"): EngineEvent[] {
  const file = join(examplesFolder, `${name}.${run}.ndjson.gz`);
  return readEvents(gunzipSync(readFileSync(file)).toString(), file);
}

const made = new Map<string, Report>();

/** The report of an example, as the command makes it; made once. */
export function exampleReport(example: Example): Report {
  const report = made.get(example.name) ?? madeReport(example);
  made.set(example.name, report);
  return report;
}

function madeReport(example: Example): Report {
  const { stack, compared } = example;
  const base = compared ? [stackReport(eventsOf(example, "base"), { stack })] : undefined;
  return reportOf([stackReport(eventsOf(example), { stack })], {}, base);
}

/** The comment of an example. */
export function exampleMarkdown(example: Example): string {
  return markdown(exampleReport(example));
}
