import { writeFile } from "node:fs/promises";
import { availableParallelism, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { describePlugins } from "../sandbox/index.ts";
import { ownCheckout } from "../sandbox/paths.ts";
import { elapsed } from "../sandbox/progress.ts";
import { versions } from "../sandbox/tool-catalogue.ts";
import { helm } from "./helm.ts";
import { Laboratory } from "./laboratory.ts";
import { type BenchmarkName, type BenchmarkOptions, benchmarkNames, help, readOptions } from "./options.ts";
import { policy } from "./policy.ts";
import { markdownReport, type Section } from "./report.ts";
import { services } from "./services.ts";
import { startup } from "./startup.ts";

type Benchmark = (lab: Laboratory, runs: number, progress: (line: string) => void) => Promise<Section | Section[]>;
const benchmarks: Record<BenchmarkName, Benchmark> = { startup, services, policy, helm };

async function main(options: BenchmarkOptions): Promise<void> {
  const begun = performance.now();
  const progress = (line: string) => console.error(line);
  const before = loadavg()[0] ?? 0;
  const lab = await Laboratory.open(progress);
  const sections: Section[] = [];
  try {
    for (const name of options.only) sections.push(...[await benchmarks[name](lab, options.runs, progress)].flat());
  } finally {
    await lab.close();
  }
  const report = markdownReport(
    {
      date: new Date().toISOString().slice(0, 10),
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.versions.node,
      engine: versions.pulumi,
      plugins: describePlugins(lab.sandbox.marker.plugins),
      charts: process.env.KEELSON_SANDBOX_CHARTS ? "the real charts" : "the sandbox's small charts",
      runs: options.runs,
      load: { before, after: loadavg()[0] ?? 0 },
    },
    sections,
  );
  const whole = options.only.length === benchmarkNames.length;
  if (whole) await writeFile(join(ownCheckout, "docs", "benchmarks.md"), report);
  else console.log(report);
  progress(`${whole ? "Wrote docs/benchmarks.md" : "Done"} after ${elapsed(begun)}`);
}

/** One line and a status: 2 for wrong words, 1 for all else. */
function end(error: unknown, status: 1 | 2): never {
  console.error(`bench: ${error instanceof Error ? error.message : error}${status === 2 ? `\n\n${help}` : ""}`);
  process.exit(status);
}

function optionsGiven(): BenchmarkOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return end(error, 2);
  }
}

const options = optionsGiven();
if (options.help) console.log(help);
else await main(options).catch((error: unknown) => end(error, 1));
