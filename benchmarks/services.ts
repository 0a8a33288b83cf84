import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownCheckout } from "../sandbox/paths.ts";
import { alternate } from "./alternate.ts";
import { type Laboratory, ownSettings, programs } from "./laboratory.ts";
import { type Section, verdict } from "./report.ts";
import { median, pairedRatio, seconds, times } from "./statistics.ts";

/** Our pack with levels under which every rule judges and none stops: the programs measured are in the default namespace. */
export const ownPack = [
  ...["--policy-pack", join(ownCheckout, "policies")],
  ...["--policy-pack-config", join(ownCheckout, "benchmarks", "advice.json")],
];

const sizes = [10, 100, 300];
/** Objects that the program makes of one service; the component itself is one resource more. */
export const objectsPerService = 5;
/** Above this many services a size is measured once: it takes most of the time and tells the same. */
const measuredOnceAbove = 100;

/** How often a number of services is measured, and whether once before as a warm-up. */
export function repetitions(count: number, runs: number): { runs: number; warmUp: boolean } {
  return count > measuredOnceAbove ? { runs: 1, warmUp: false } : { runs, warmUp: true };
}

/** The projects that this comparison and the one of policies preview. */
export interface ServiceProjects {
  components: string;
  plain: string;
  /** Environment for a number of services. */
  env(count: number, cpuFile?: string): NodeJS.ProcessEnv;
}

/** Makes the projects of two programs that register the same objects: with the component, and one by one. */
export async function serviceProjects(lab: Laboratory, prefix: string): Promise<ServiceProjects> {
  const settings = ownSettings(join(programs, "cpu-time.mjs"));
  const objects = lab.path("service-objects.json");
  const made = {
    components: await lab.project(`${prefix}-components`, settings, { link: "services.ts" }),
    plain: await lab.project(`${prefix}-plain`, settings, { link: "plain-services.ts" }),
    env: (count: number, cpuFile = "") => ({
      BENCH_SERVICES: String(count),
      BENCH_OBJECTS: objects,
      BENCH_CPU: cpuFile,
      PULUMI_DEBUG_COMMANDS: "true",
    }),
  };
  const log = lab.path("service-events.ndjson");
  await lab.pulumi(["preview", "--stack", "bench", "--event-log", log], { cwd: made.components, env: made.env(1) });
  const found = (await readFile(log, "utf8")).split("\n").flatMap((line) => {
    const event = line ? (JSON.parse(line) as PreEvent) : {};
    const { type = "", inputs } = event.resourcePreEvent?.metadata.new ?? {};
    return inputs && type.startsWith("kubernetes:") ? [[type, inputs] as const] : [];
  });
  if (found.length !== objectsPerService) {
    throw new Error(`services.ts makes ${found.length} objects of a service, not ${objectsPerService}`);
  }
  await writeFile(objects, JSON.stringify(Object.fromEntries(found)));
  return made;
}

interface PreEvent {
  resourcePreEvent?: { metadata: { new?: { type: string; inputs: object } } };
}

/** Previews of many services, with and without our component and our pack. */
export async function services(lab: Laboratory, runs: number, progress: (line: string) => void): Promise<Section> {
  const projects = await serviceProjects(lab, "services");
  const rows: string[][] = [];
  const each: number[] = [];
  const shares: number[] = [];
  const packShares: number[] = [];
  for (const count of sizes) {
    progress(`services: ${count}`);
    const cpu: Record<"plain" | "components", number[]> = { plain: [], components: [] };
    const preview = async (kind: "plain" | "components", ...args: string[]) => {
      const cpuFile = lab.path(`cpu-${kind}`);
      const cwd = projects[kind];
      const taken = await lab.pulumi(["preview", "--stack", "bench", "--suppress-progress", ...args], {
        cwd,
        env: projects.env(count, cpuFile),
      });
      if (args.length === 0) cpu[kind].push(Number(await readFile(cpuFile, "utf8")));
      return taken;
    };
    const measured = await alternate(
      {
        plain: () => preview("plain"),
        components: () => preview("components"),
        "components and pack": () => preview("components", ...ownPack),
      },
      { ...repetitions(count, runs), progress },
    );
    const ours = median(cpu.components) - median(cpu.plain);
    const share = ours / median(measured.plain);
    const packShare = pairedRatio(measured["components and pack"], measured.components) - 1;
    const perResource = (median(measured.components) / (count * (objectsPerService + 1))) * 1000;
    if (count > 10) each.push(perResource);
    if (count > 10) {
      shares.push(share);
      packShares.push(packShare);
    }
    rows.push([
      String(count),
      seconds(measured.plain),
      seconds(measured.components),
      seconds(measured["components and pack"]),
      `${perResource.toFixed(1)} ms`,
      `${ours.toFixed(2)} s (${percent(share)})`,
      percent(packShare),
    ]);
  }
  const flat = each.length > 1 ? (each.at(-1) ?? 0) / (each[0] ?? 1) : 1;
  return {
    title: "Many services",
    method: `First preview of services of ${objectsPerService} objects each. "Without components" registers the very same objects one by one, so that it shows what Pulumi itself takes. "Ours" is the CPU time of the program with components less that without, as a share of the preview without; sizes above ${measuredOnceAbove} are measured once.`,
    table: {
      head: [
        "services",
        "without components",
        "ApplicationService",
        "and the pack",
        "per resource",
        "ours",
        "the pack adds",
      ],
      rows,
    },
    findings: [
      `Aim, flat per resource: ${verdict(flat <= 1.2)}; a resource of 300 services takes ${times(flat)} of what one of 100 does.`,
      `Aim, the components at most a tenth of the engine's time: ${verdict(shares.every((share) => share <= 0.1))}, ${shares.map(percent).join(" and ")} at ${sizes.slice(1).join(" and ")} services.`,
      "The Kubernetes plugin keeps to 50 requests a second after a burst of 120, and a first preview asks the server about every object: at 300 services that alone is 28 s, waiting and not work, which makes the shares below and above look small. `PULUMI_K8S_CLIENT_QPS` and `PULUMI_K8S_CLIENT_BURST` raise it; tried once with 200 services, 500 and 1000 made 15.2 s of 22.8 s.",
      `Aim, the pack at most a tenth: ${verdict(packShares.every((share) => share <= 0.1))}, ${packShares.map(percent).join(" and ")}.`,
    ],
  };
}

/** A share as "7 %". */
export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
