import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { adviceVariable } from "../policies/advice.ts";
import { isSecretName } from "../policies/kubernetes/secrecy.ts";
import { rules } from "../policies/rules.ts";
import { type EngineEvent, readEvents } from "../report/events.ts";
import type { EnginePlace } from "./engine-place.ts";
import { stackFile } from "./release-settings.ts";

/** What to run for a report. */
export interface Run {
  readonly stack: string;
  readonly update: boolean;
  /** Words for the engine that name the policy packs and their configuration. */
  readonly packs: readonly string[];
  /** More words for the engine. */
  readonly words?: readonly string[];
  /** Whether people shall see what the engine prints, while it does; on standard error. */
  readonly show?: boolean;
  readonly timeoutSeconds: number;
}

/** How long the engine has to end in order after it was asked to. */
const lastSeconds = 30;
/** How much of what the engine printed is kept where its log says nothing. */
const mostSaid = 4000;

/** Runs a preview, or an update with a preview before it, and returns its events. The log is where only this user can read it, and removed. */
export async function runForEvents(place: EnginePlace, run: Run): Promise<EngineEvent[]> {
  const folder = await mkdtemp(join(tmpdir(), "keelson-report-"));
  const log = join(folder, "events.ndjson");
  try {
    const words = run.update ? ["up", "--yes"] : ["preview"];
    const { stdout, stderr, timedOut, failed } = await execa(
      "pulumi",
      [
        ...words,
        "--stack",
        run.stack,
        ...run.packs,
        ...(run.words ?? []),
        "--non-interactive",
        "--color",
        "never",
        "--suppress-outputs",
        "--event-log",
        log,
      ],
      {
        // The engine offers --event-log only with the first; with the second the pack tells of each place by itself.
        env: { ...place.env, PULUMI_DEBUG_COMMANDS: "true", [adviceVariable]: "each" },
        cwd: place.cwd,
        extendEnv: false,
        reject: false,
        stdin: "ignore",
        ...(run.show ? { stdout: ["pipe", process.stderr] as const, stderr: ["pipe", "inherit"] as const } : {}),
        timeout: run.timeoutSeconds * 1000,
        killSignal: "SIGINT",
        forceKillAfterDelay: lastSeconds * 1000,
      },
    );
    const events = lastRun(
      readEvents(await readFile(log, "utf8").catch(() => ""), `the event log of stack ${run.stack}`),
    );
    const silent =
      failed &&
      !timedOut &&
      !events.some(
        ({ diagnosticEvent, errorEvent, policyEvent }) =>
          diagnosticEvent?.severity === "error" || errorEvent || policyEvent,
      );
    return [
      ...events,
      {
        runEvent: {
          operation: run.update ? "update" : "preview",
          tools: await toolVersions(place),
          rules: rules.map(({ id }) => id),
          ended: timedOut ? "by time-out" : "by itself",
          ...(silent ? { said: [stdout, stderr].join("\n").trim().slice(-mostSaid) } : {}),
        },
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The events of the last operation in a log: an update's come after those of the preview that it begins with. */
export function lastRun(events: readonly EngineEvent[]): EngineEvent[] {
  const begin = events.findLastIndex(({ preludeEvent }) => preludeEvent !== undefined);
  const first = events.findIndex(({ preludeEvent }) => preludeEvent !== undefined);
  return begin === first ? [...events] : events.slice(begin);
}

async function toolVersions({ env, cwd }: EnginePlace): Promise<Record<string, string>> {
  const { stdout = "" } = await execa("pulumi", ["version"], {
    env,
    cwd,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  const version = /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
  return version === undefined ? {} : { pulumi: version };
}

/** Secrets that a report must not tell even where the engine does not know them to be any: of the stack's configuration and of the environment. */
export async function knownSecrets(place: EnginePlace, stack: string): Promise<string[]> {
  const ofEnvironment = Object.entries(place.env).flatMap(([name, value]) =>
    value !== undefined && isSecretName(name) && value.length >= 8 && !value.includes("/") ? [value] : [],
  );
  const { stdout = "", failed } = await execa("pulumi", ["config", "--stack", stack, "--show-secrets", "--json"], {
    env: place.env,
    cwd: place.cwd,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  if (failed) return ofEnvironment;
  const shown = JSON.parse(stdout) as Record<string, { value?: string; objectValue?: unknown }>;
  const file = await readFile(stackFile(place, stack), "utf8").catch(() => "");
  const written = (parse(file) as { config?: Record<string, unknown> } | null)?.config ?? {};
  return [
    ...ofEnvironment,
    ...Object.entries(written).flatMap(([key, value]) => {
      const { objectValue, value: text } = shown[key] ?? shown[`keelson:${key}`] ?? {};
      return encrypted(value, objectValue ?? text);
    }),
  ];
}

/** The values at the places where a stack file has encrypted ones. */
function encrypted(written: unknown, shown: unknown): string[] {
  if (typeof written !== "object" || written === null) return [];
  const map = written as Record<string, unknown>;
  if (typeof map.secure === "string" && Object.keys(map).length === 1) return typeof shown === "string" ? [shown] : [];
  const values = typeof shown === "object" && shown !== null ? (shown as Record<string, unknown>) : {};
  return Object.entries(map).flatMap(([key, inner]) => encrypted(inner, values[key]));
}
