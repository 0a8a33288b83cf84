import { parseArgs } from "node:util";

/** The comparisons, in the order in which they run. */
export const benchmarkNames = ["startup", "services", "policy", "helm"] as const;
export type BenchmarkName = (typeof benchmarkNames)[number];

/** What was asked for on the command line. */
export interface BenchmarkOptions {
  only: BenchmarkName[];
  /** How often each side of a comparison is measured, warm-up not counted. */
  runs: number;
  help: boolean;
}

export const help = `npm run bench [-- --only NAME,…] [--runs N]

Measures Keelson against what one would use otherwise, on sandboxes of its own, and writes docs/benchmarks.md.

  --only   which comparisons: ${benchmarkNames.join(", ")}. Default: all. docs/benchmarks.md is only written with all.
  --runs   how often each side is measured, 1 to 20. Default 3.
  --help   this text`;

/**
 * Reads the command line.
 * @throws Error with one sentence about what is wrong.
 */
export function readOptions(args: readonly string[]): BenchmarkOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: "string" }, runs: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  const only = values.only?.split(",") ?? [...benchmarkNames];
  const unknown = only.filter((name) => !isBenchmark(name));
  if (unknown.length) {
    throw new Error(`there is no benchmark "${unknown.join('", "')}"; there are ${benchmarkNames.join(", ")}`);
  }
  const runs = Number(values.runs ?? 3);
  if (!Number.isInteger(runs) || runs < 1 || runs > 20) {
    throw new Error(`--runs is "${values.runs}"; it can be a whole number from 1 to 20`);
  }
  return { only: benchmarkNames.filter((name) => only.includes(name)), runs, help: values.help ?? false };
}

function isBenchmark(name: string): name is BenchmarkName {
  return benchmarkNames.some((known) => known === name);
}
