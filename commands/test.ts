import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Arguments } from "./arguments.ts";

const help = `npm test [-- [--only STEP,…] [--all]]

Runs the checks of the project and closes with the sum of all tests.

Steps: lint, rooms, types, unit, sandbox. Default: all.
The sandbox step runs a real engine and a real control plane; its tools are built or downloaded first where they are missing.

  --only   these steps, separated by commas
  --all    with what takes long: the lives of all systems, every point at which an engine is killed, and so on
  --help   this text`;

interface Step {
  name: string;
  command: string[];
  /** Runs tests with mocha and writes their counts. */
  mocha?: boolean;
}

/** Two files at a time: enough to keep two cores busy. */
const inParallel = ["--parallel", "--jobs", "2"];

const steps: Step[] = [
  { name: "lint", command: ["biome", "check", "--error-on-warnings", "."] },
  { name: "rooms", command: ["depcruise", "--config", ".dependency-cruiser.mjs", "."] },
  { name: "types", command: ["tsc", "-p", "."] },
  {
    name: "unit",
    mocha: true,
    command: [
      "mocha",
      "--timeout",
      "120000",
      ...inParallel,
      "--ignore",
      "tests/**/*.sandbox.test.ts",
      "tests/**/*.test.ts",
    ],
  },
  {
    name: "sandbox",
    mocha: true,
    command: ["mocha", "--timeout", "1200000", ...inParallel, "tests/**/*.sandbox.test.ts"],
  },
];

const args = new Arguments("test", help, { only: { type: "string" }, all: { type: "boolean" } });
const wanted = args.text("only")?.split(",") ?? steps.map(({ name }) => name);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length) {
  args.fail(`there is no step "${unknown.join('", "')}"; steps are ${steps.map(({ name }) => name).join(", ")}`);
}

const folder = await mkdtemp(join(tmpdir(), "keelson-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };
for (const step of steps.filter(({ name }) => wanted.includes(name))) {
  const counts = join(folder, `${step.name}.json`);
  const begun = performance.now();
  console.log(`\n── ${step.name}: ${step.command.join(" ")}`);
  const [command = "", ...words] = step.mocha
    ? [...step.command, "--reporter", "tests/reporter.cjs", "--reporter-option", `counts=${counts}`]
    : step.command;
  const env = { KEELSON_TEST_RUN: folder, ...(args.flag("all") ? { KEELSON_TESTS: "all" } : {}) };
  const { exitCode = 1 } = await execa(command, words, { stdio: "inherit", preferLocal: true, reject: false, env });
  console.log(
    `── ${step.name}: ${exitCode === 0 ? "ok" : `failed with status ${exitCode}`} in ${((performance.now() - begun) / 1000).toFixed(1)} s`,
  );
  add(
    step.mocha
      ? await readCounts(counts, exitCode)
      : { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 },
  );
}
await rm(folder, { recursive: true });
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

function add(counts: typeof total): void {
  for (const key of ["passed", "failed", "skipped"] as const) total[key] += counts[key];
}

/** A runner that died before it could count has failed once. */
async function readCounts(path: string, exitCode: number): Promise<typeof total> {
  const counts = await readFile(path, "utf8").then(
    (text) => JSON.parse(text) as typeof total,
    () => ({ passed: 0, failed: 1, skipped: 0 }),
  );
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
