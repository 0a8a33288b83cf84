import { appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { alternate } from "./alternate.ts";
import { type Laboratory, ownSettings } from "./laboratory.ts";
import { type Section, verdict } from "./report.ts";
import { pairedRatio, seconds, times } from "./statistics.ts";

const programsByName = {
  "one RandomPassword": "random-password.ts",
  "one ConfigMap": "config-map.ts",
} as const;

/** What `pulumi new kubernetes-typescript` writes into tsconfig.json. */
const templateConfig = {
  compilerOptions: {
    strict: true,
    outDir: "bin",
    target: "es2020",
    module: "nodenext",
    moduleResolution: "nodenext",
    sourceMap: true,
    experimentalDecorators: true,
    pretty: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    forceConsistentCasingInFileNames: true,
  },
  files: ["index.ts"],
};

/** Start-up of Pulumi's default TypeScript set-up against ours, with the same program. */
export async function startup(lab: Laboratory, runs: number, progress: (line: string) => void): Promise<Section> {
  if (lab.sandbox.marker.plugins.nodejs !== "official") return notMeasured(progress);
  const rows: string[][] = [];
  const changedRatios: number[] = [];
  for (const [what, program] of Object.entries(programsByName)) {
    progress(`startup: ${what}`);
    const name = program.replace(".ts", "");
    const standard = await lab.project(
      `default-${name}`,
      "runtime:\n  name: nodejs\n  options:\n    packagemanager: npm\n",
      {
        copy: program,
      },
    );
    await writeFile(join(standard, "tsconfig.json"), JSON.stringify(templateConfig));
    await writeFile(join(standard, "package.json"), JSON.stringify({ name, main: "index.ts" }));
    const own = await lab.project(`own-${name}`, ownSettings(), { copy: program });
    await writeFile(join(own, "package.json"), JSON.stringify({ name, type: "module" }));

    const caches = lab.path("startup-caches");
    const preview = async (cwd: string) => {
      await mkdir(caches, { recursive: true });
      // ts-node keeps what it compiled in TMPDIR; only Keelson's own set-up asks Node to keep compiled modules.
      const env = { TMPDIR: caches, NODE_COMPILE_CACHE: cwd === own ? join(caches, "compiled") : "" };
      return lab.pulumi(["preview", "--stack", "bench"], { cwd, env });
    };
    const fresh = async (cwd: string) => {
      await rm(caches, { recursive: true, force: true });
      return preview(cwd);
    };
    const changed = async (cwd: string) => {
      await appendFile(join(cwd, "index.ts"), `// ${performance.now()}\n`);
      return preview(cwd);
    };
    const sides = {
      "default, changed": () => changed(standard),
      "own, changed": () => changed(own),
      "default, unchanged": () => preview(standard),
      "own, unchanged": () => preview(own),
      "default, fresh": () => fresh(standard),
      "own, fresh": () => fresh(own),
    };
    const measured = await alternate(sides, { runs, progress });
    for (const [state, label] of [
      ["fresh", "first run on a machine, as in CI"],
      ["changed", "program changed since the last run"],
      ["unchanged", "nothing changed"],
    ] as const) {
      const [base, ours] = [measured[`default, ${state}`], measured[`own, ${state}`]];
      const ratio = pairedRatio(ours, base);
      if (state !== "unchanged") changedRatios.push(ratio);
      rows.push([what, label, seconds(base), seconds(ours), times(ratio)]);
    }
  }
  return {
    title: "Start-up",
    method:
      "`pulumi preview` of the same small program, set up as `pulumi new kubernetes-typescript` does it (ts-node, type check) and as Keelson does it (Node's own type stripping, no type check, compiled modules kept between runs).",
    table: { head: ["program", "when", "Pulumi's default", "Keelson's", "ratio"], rows },
    findings: [
      `Aim, at most half of the default where there is something to compile: ${verdict(changedRatios.every((ratio) => ratio <= 0.5))}, ${times(Math.min(...changedRatios))} to ${times(Math.max(...changedRatios))}.`,
      "On its first run on a machine, Keelson's side also fills Node's cache of compiled modules, about 0.3 s; with the small RandomPassword program there is less to type-check than with Kubernetes' types, so that the default loses less. ts-node keeps what it compiled as long as no file changes; then the default only pays for loading the compiler, and what both have in common (engine, plugins, SDK) is most of the time.",
      "The type check belongs to `npm test` and the editor: it is not lost, it is not repeated at each run.",
    ],
  };
}

/** ts-node is a part of the official language host; ours has none. */
function notMeasured(progress: (line: string) => void): Section {
  const method =
    "Not measured: Pulumi's default TypeScript set-up needs the official language host, and the sandbox runs with our stand-in. `KEELSON_PLUGINS=official` asks for the official ones.";
  progress(`startup: ${method}`);
  return { title: "Start-up", method, findings: [] };
}
