import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { cacheFolder, toolsFolder } from "../../sandbox/paths.ts";
import { target, tools } from "../../sandbox/tool-catalogue.ts";

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Folder of the stand-in charts. */
export const standInCharts = join(checkout, "sandbox", "charts");
/** Folder of the contracts. */
export const contracts = join(standInCharts, "contracts");

/** File of a chart's contract. */
export function contractFile(chart: string, version: string): string {
  return join(contracts, `${chart}-${version}.json`);
}

/** helm: the sandbox's own, else the one on PATH; undefined where there is none. */
export function findHelm(): string | undefined {
  const tool = tools.find(({ name }) => name === "helm");
  const kept = tool && join(toolsFolder(), `helm-${tool.version}-${target.os}-${target.arch}`, "helm");
  if (kept && existsSync(kept)) return kept;
  try {
    execFileSync("helm", ["version"], { stdio: "ignore" });
    return "helm";
  } catch {
    return undefined;
  }
}

/** Folder of a real chart under `KEELSON_REAL_CHARTS` (default: `charts` in the cache), as `<name>-<version>` or `<name>`; undefined where it is not there in that version. */
export function findRealChart(chart: string, version: string): string | undefined {
  const root = process.env.KEELSON_REAL_CHARTS || join(cacheFolder(), "charts");
  return [join(root, `${chart}-${version}`), join(root, chart)].find(
    (folder) => existsSync(join(folder, "Chart.yaml")) && chartVersion(folder) === version,
  );
}

function chartVersion(folder: string): string | undefined {
  const { version } = parse(readFileSync(join(folder, "Chart.yaml"), "utf8")) as { version?: string };
  return version;
}
