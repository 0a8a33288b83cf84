import type { Check } from "./checks.ts";

/** What the instrumented code keeps on the global object: which mutant is on, and which ones a test has come by. */
interface Instrumentation {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

/** What a worker is asked: which checks notice that a mutant is on. Without a mutant: which mutants each check comes by. */
export interface Question {
  readonly mutant?: string;
  readonly checks?: readonly number[];
}

export interface Answer {
  /** The name of the first check that fails; absent if none does. */
  readonly killedBy?: string;
  /** Without a mutant: the mutants that loading the rules comes by, and those of each check. */
  readonly loading?: readonly string[];
  readonly coverage?: readonly (readonly string[])[];
  /** What each check is about: a rule's id, or what a test file says. */
  readonly suites?: readonly string[];
}

const instrumentation: Instrumentation = {};
Object.assign(globalThis, { __stryker__: instrumentation });

/** Mocha's words, for tests that need nothing else of it. */
const checks: (Check & { suite: string })[] = [];
let suite = "";
Object.assign(globalThis, {
  describe: (name: string, body: () => void) => {
    suite = name;
    body();
  },
  it: (name: string, run: () => void) => checks.push({ suite, name, run }),
});

const { rules } = await import("../../policies/rules.ts");
const { checksOf } = await import("./checks.ts");
for (const file of ["field", "quantity", "pulumi-resource"]) await import(`./${file}.test.ts`);
for (const rule of rules) checks.push(...checksOf(rule).map((check) => ({ suite: rule.id, ...check })));

function answerTo({ mutant, checks: wanted }: Question): Answer {
  instrumentation.activeMutant = mutant;
  if (mutant === undefined) return coverage();
  for (const index of wanted ?? checks.keys()) {
    const check = checks[index];
    try {
      check?.run();
    } catch {
      return { killedBy: `${check?.suite}: ${check?.name}` };
    }
  }
  return {};
}

function coverage(): Answer {
  const seen = instrumentation.mutantCoverage;
  for (const [index, { run }] of checks.entries()) {
    instrumentation.currentTestId = `${index}`;
    run();
  }
  instrumentation.currentTestId = undefined;
  return {
    loading: Object.keys(seen?.static ?? {}),
    suites: checks.map((check) => check.suite),
    coverage: checks.map((_, index) => Object.keys(seen?.perTest[`${index}`] ?? {})),
  };
}

process.on("message", (question: Question) => process.send?.(answerTo(question)));
process.send?.("ready");
