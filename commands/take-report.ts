import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { EventLogError } from "../report/events.ts";
import { formats } from "../report/formats.ts";
import { type Report, reportSchema, type StackReport, type Verdict } from "../report/model.ts";
import { stackReport } from "../report/stack-report.ts";
import { SandboxError } from "../sandbox/index.ts";
import { yamlProblem } from "../sandbox/project.ts";
import type { EnginePlace } from "./engine-place.ts";
import { knownSecrets, runForEvents } from "./report-run.ts";

/** How long the engine may take where nobody says, in seconds. */
export const standardTimeout = 1800;

/** Exit status of a command that ends with a report, by its verdict. */
export const statuses: Readonly<Record<Verdict, number>> = { clean: 0, policy: 5, failed: 1 };

/** What to run for the report of one stack, and who judges. */
export interface Taking {
  readonly stack: string;
  /** Update the stack instead of previewing it. */
  readonly update?: boolean;
  /** The folder of the policy pack; without one, nobody judges. */
  readonly pack?: string | undefined;
  /** The pack's configuration. */
  readonly configuration?: string | undefined;
  /** More words for the engine. */
  readonly words?: readonly string[];
  /** How long the engine may take, in seconds; default half an hour. */
  readonly timeoutSeconds?: number;
}

/** Runs the engine on a stack and reports of it. */
export async function takeReport(place: EnginePlace, taking: Taking): Promise<StackReport> {
  const { stack, update = false, pack, configuration, words = [], timeoutSeconds = standardTimeout } = taking;
  const packs = [
    ...(pack === undefined ? [] : ["--policy-pack", pack]),
    ...(configuration === undefined ? [] : ["--policy-pack-config", configuration]),
  ];
  // Before the engine, which takes minutes.
  const off = await rulesOff(configuration);
  const secrets = await knownSecrets(place, stack);
  const events = await runForEvents(place, { stack, update, packs, words, show: update, timeoutSeconds });
  return stackReport(events, { stack, secrets, off, packWanted: pack !== undefined });
}

/**
 * Rules that a pack's configuration switches off: that they did not judge is no failure of the pack.
 * @throws SandboxError where it is no YAML.
 */
export async function rulesOff(file: string | undefined): Promise<Set<string>> {
  if (file === undefined) return new Set();
  const text = await readFile(file, "utf8");
  const problem = yamlProblem(file, text);
  if (problem !== undefined) throw new SandboxError(problem);
  const configuration = parse(text) as Record<string, unknown> | null;
  const off = Object.entries(configuration ?? {}).flatMap(([rule, options]) => {
    const level =
      typeof options === "object" && options !== null && "enforcementLevel" in options
        ? options.enforcementLevel
        : options;
    return level === "disabled" ? [rule] : [];
  });
  return new Set(off);
}

/** What a report is about, by the words of a command: --commit, --repository and --run, those that were given. */
export function contextOf(args: {
  text(name: "commit" | "repository" | "run"): string | undefined;
}): Partial<Record<"commit" | "repository" | "run", string>> {
  return Object.fromEntries(
    (["commit", "repository", "run"] as const).flatMap((name) => {
      const value = args.text(name);
      return value ? [[name, value]] : [];
    }),
  );
}

/** Writes a report in every format. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { file, write } of Object.values(formats)) await writeFile(join(folder, file), write(report));
}

/** A report that was written as JSON, its shape checked. @throws EventLogError in one line where it is none. */
export async function readReport(file: string): Promise<Report> {
  const content = jsonOf(await readFile(file, "utf8"));
  if (content === undefined) throw new EventLogError(`${file} is no report: it is no JSON`);
  const parsed = reportSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new EventLogError(`${file} is no report: ${issue?.path.join(".") || "the file"}: ${issue?.message}`);
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
