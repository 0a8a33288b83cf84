import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Mutant } from "@stryker-mutator/api/core";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import type { Answer, Question } from "../tests/policies/mutant-worker.ts";
import { Arguments } from "./arguments.ts";

const help = `npm run mutate [-- [--every N] NAME…]

Changes the code of the policy pack's rules in one place after the other (policies/rules, policies/kubernetes; Stryker's mutations)
and looks whether the rules' cases notice. NAME is a file's name without .ts; default: all, which takes an hour. Texts for people are left as they are.
Prints the changes that nothing noticed, and how many of each file were noticed.

  --every N   make only every Nth change, for a figure in less time
  --help      this text`;

const args = new Arguments("mutate", help, { every: { type: "string" } }, { words: 500 });
const { words } = args;
const every = Number(args.text("every") ?? 1);
if (!Number.isInteger(every) || every < 1)
  args.fail(`--every is "${args.text("every")}"; it can be a whole number from 1`);
const files = globSync("policies/{rules,kubernetes}/*.ts").sort();
const wanted = files.filter((file) => words.length === 0 || words.includes(basename(file, ".ts")));
if (wanted.length === 0)
  args.fail(`there is no file called ${words.join(" or ")} in policies/rules or policies/kubernetes`);

/** Longest time that the checks of one mutant take; a mutant that never ends is noticed too. */
const patience = 60_000;
/** Properties of rules that are for people or declare what other tests compare: texts, names and levels. */
const declared = ["id", "title", "severity", "levels", "what", "why", "remedy", "sources", "description", "problem"];
/** Functions whose further arguments are texts for people. */
const tellers = ["broken", "NotKnown"];

/** What is needed of a place in the code as Stryker's parser has it. */
interface Place {
  readonly node: { readonly type: string; readonly key?: { readonly name?: string } };
  readonly parent?: { readonly type: string; readonly callee?: { readonly name?: string } };
  readonly listKey?: string;
  readonly key?: string | number;
}

const ignorer = {
  shouldIgnore(path: object): string | undefined {
    const { node, parent, listKey, key } = path as Place;
    if (node.type === "ObjectProperty" && declared.includes(node.key?.name ?? "")) return "declared";
    const isTold = listKey === "arguments" && typeof key === "number" && key > 0;
    return isTold && tellers.includes(parent?.callee?.name ?? "") ? "a text for people" : undefined;
  },
};

const silent = () => undefined;
const logger = {
  ...Object.fromEntries(["trace", "debug", "info", "warn", "error", "fatal"].map((level) => [level, silent])),
  ...Object.fromEntries(
    ["Trace", "Debug", "Info", "Warn", "Error", "Fatal"].map((level) => [`is${level}Enabled`, () => false]),
  ),
};

type Verdict = "killed" | "survived" | "never run";

const folder = await mkdtemp(join(tmpdir(), "keelson-mutants-"));
let worker: ChildProcess | undefined;
try {
  const sources = await Promise.all(
    wanted.map(async (name) => ({ name, content: await readFile(name, "utf8"), mutate: true })),
  );
  const instrumenter = new Instrumenter(logger as unknown as ConstructorParameters<typeof Instrumenter>[0]);
  const { files: instrumented, mutants } = await instrumenter.instrument(sources, {
    ignorers: [ignorer],
    excludedMutations: [],
    plugins: null,
  });
  for (const name of ["policies", "tests/policies", "package.json"])
    await cp(name, join(folder, name), { recursive: true, filter: (path) => basename(path) !== "node_modules" });
  for (const { name, content } of instrumented) await writeFile(join(folder, name), content);
  await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
  const lines = new Map(sources.map(({ name, content }) => [name, content.split("\n")]));
  // A rule without anything in it is what other tests notice.
  const isRule = ({ fileName, location: { start } }: Mutant) =>
    lines.get(fileName)?.[start.line]?.slice(0, start.column).endsWith(": Rule = ") ?? false;
  const counted = mutants
    .filter((mutant) => mutant.status !== "Ignored" && !isRule(mutant))
    .filter((_, index) => index % every === 0);
  report(counted, await verdictsOn(counted), sources);
} finally {
  worker?.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
}

async function verdictsOn(mutants: readonly Mutant[]): Promise<Map<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  const { loading = [], coverage = [], suites = [] } = (await ask({})) ?? {};
  const checksBy = new Map<string, number[]>();
  for (const [check, covered] of coverage.entries())
    for (const id of covered) checksBy.set(id, [...(checksBy.get(id) ?? []), check]);
  for (const [index, { id, fileName }] of mutants.entries()) {
    if (index % 100 === 0) process.stderr.write(`${index} of ${mutants.length} (${fileName})\n`);
    const checks = checksBy.get(id);
    if (!checks && !loading.includes(id)) {
      verdicts.set(id, "never run");
      continue;
    }
    // What runs while a file is loaded is only seen by a process that loads it so.
    const answer = checks ? await ask({ mutant: id, checks }) : await askAnew(id, suites, fileName);
    verdicts.set(id, !answer || answer.killedBy !== undefined ? "killed" : "survived");
  }
  return verdicts;
}

/** What a worker answers; undefined if it does not in time, or ends. */
async function ask(question: Question, env: NodeJS.ProcessEnv = {}): Promise<Answer | undefined> {
  const asked = worker ?? (await start(env));
  if (!asked) return undefined;
  worker = asked;
  const stop = new AbortController();
  try {
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(patience * (question.mutant ? 1 : 10))]);
    const ended = once(asked, "exit", { signal }).then(() => Promise.reject(new Error("the worker ended")));
    ended.catch(silent);
    asked.send(question);
    const [answer] = await Promise.race([once(asked, "message", { signal }), ended]);
    return answer as Answer;
  } catch (error) {
    if (!question.mutant) throw error;
    asked.kill("SIGKILL");
    worker = undefined;
    return undefined;
  } finally {
    stop.abort();
  }
}

/** Asks a process that loads the file with the mutant on; of a rule's file its own checks only. */
async function askAnew(mutant: string, suites: readonly string[], file: string): Promise<Answer | undefined> {
  const own = [...suites.keys()].filter((check) => suites[check] === basename(file, ".ts"));
  const other = worker;
  worker = undefined;
  const question = { mutant, ...(own.length > 0 ? { checks: own } : {}) };
  const answer = await ask(question, { __STRYKER_ACTIVE_MUTANT__: mutant });
  (worker as ChildProcess | undefined)?.kill("SIGKILL");
  worker = other;
  return answer;
}

async function start(env: NodeJS.ProcessEnv): Promise<ChildProcess | undefined> {
  const child = fork(join(folder, "tests", "policies", "mutant-worker.ts"), {
    cwd: folder,
    env: { ...process.env, ...env },
    execArgv: [],
    stdio: ["ignore", "ignore", env.__STRYKER_ACTIVE_MUTANT__ ? "ignore" : "inherit", "ipc"],
  });
  const [ready] = await Promise.race([once(child, "message"), once(child, "exit")]);
  return ready === "ready" ? child : undefined;
}

function report(
  mutants: readonly Mutant[],
  verdicts: ReadonlyMap<string, Verdict>,
  sources: readonly { name: string; content: string }[],
): void {
  let all = 0;
  let noticed = 0;
  for (const { name, content } of sources) {
    const own = mutants.filter(({ fileName }) => fileName === name);
    const killed = own.filter(({ id }) => verdicts.get(id) === "killed");
    all += own.length;
    noticed += killed.length;
    console.log(`${name}: ${killed.length} of ${own.length}`);
    const lines = content.split("\n");
    for (const { id, location, replacement } of own.filter((mutant) => !killed.includes(mutant))) {
      const { start, end } = location;
      const text =
        start.line === end.line
          ? lines[start.line]?.slice(start.column, end.column)
          : `${lines[start.line]?.slice(start.column)} …`;
      console.log(
        `  ${start.line + 1}: ${verdicts.get(id)}: ${text} → ${replacement.replaceAll(/\s+/g, " ").slice(0, 100)}`,
      );
    }
  }
  console.log(`${noticed} of ${all} changes are noticed, ${((100 * noticed) / all).toFixed(1)} %.`);
}
