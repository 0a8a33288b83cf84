import { rm } from "node:fs/promises";
import { join } from "node:path";
import { preventEngineLog } from "../sandbox/engine-log.ts";
import { alternate } from "./alternate.ts";
import { type HelmRelease, helmReleases, tagValue } from "./helm-releases.ts";
import { Laboratory } from "./laboratory.ts";
import { type Section, verdict } from "./report.ts";
import { definitionsIn, type SharedStack, shareAddonsOf } from "./shared-stack.ts";
import { pairedRatio, seconds, times } from "./statistics.ts";

/** The deployed CodeLab of production, and the same by Helm in a sandbox beside. */
interface Pair {
  pulumi: Laboratory;
  /** Place of the same stack with the add-ons declared present. */
  shared: SharedStack["place"];
  helm: Laboratory;
  releases: HelmRelease[];
  /** What the CRDs are of the deployed stack's state. */
  definitions: ReturnType<typeof definitionsIn>;
}

/** Daily preview and `up` of the deployed system against Helm doing the same charts and manifests. */
export async function helm(lab: Laboratory, runs: number, progress: (line: string) => void): Promise<Section[]> {
  const other = await Laboratory.open(progress);
  try {
    const releases = await helmReleases(lab.path("helm"), lab.sandbox.marker);
    progress("helm: deploying CodeLab's production by both");
    await lab.pulumi(["up", "--stack", "prod", "--yes", "--skip-preview", "--suppress-progress"]);
    const { place, state } = await shareAddonsOf(lab, "prod");
    const pair = { pulumi: lab, shared: place, helm: other, releases, definitions: definitionsIn(state) };
    await upgrade(pair, releases, "--wait");
    return [await previews(pair, runs, progress), await updates(pair, runs, progress)];
  } finally {
    await other.close();
  }
}

async function upgrade({ helm }: Pick<Pair, "helm">, releases: HelmRelease[], ...options: string[]): Promise<number> {
  let taken = 0;
  for (const { name, namespace, chart, values } of releases) {
    const files = ["--namespace", namespace, "--values", values];
    taken += await helm.time("helm", ["upgrade", name, chart, "--install", ...files, ...options]);
  }
  return taken;
}

async function previews(pair: Pair, runs: number, progress: (line: string) => void): Promise<Section> {
  const { pulumi, shared, releases, definitions } = pair;
  progress("helm: previews of what is deployed");
  const preview = (place: Partial<SharedStack["place"]>, ...options: string[]) =>
    pulumi.pulumi(["preview", "--stack", "prod", "--suppress-progress", ...options], place);
  const { paths } = pulumi.sandbox;
  const logged = async () => {
    await rm(join(paths.pulumiHome, "logs"), { recursive: true });
    const taken = await preview({});
    await preventEngineLog(paths);
    return taken;
  };
  const own = releases.filter(({ addon }) => !addon);
  const measured = await alternate(
    {
      "helm, all releases": () => upgrade(pair, releases, "--dry-run=server"),
      "Keelson, owns the add-ons": () => preview({}),
      "helm, without add-ons": () => upgrade(pair, own, "--dry-run=server"),
      "Keelson, add-ons present": () => preview(shared),
      "Keelson, owns the add-ons, with the pack": () => preview({}, "--policy-pack", "policies"),
      "Keelson, owns the add-ons, engine's debug log on": logged,
    },
    { runs, progress },
  );
  const all = measured["helm, all releases"];
  const without = measured["helm, without add-ons"];
  const owned = pairedRatio(measured["Keelson, owns the add-ons"], all);
  const present = pairedRatio(measured["Keelson, add-ons present"], without);
  const log = pairedRatio(
    measured["Keelson, owns the add-ons, engine's debug log on"],
    measured["Keelson, owns the add-ons"],
  );
  return {
    title: "Daily preview of the deployed system, against Helm",
    method: `CodeLab's production, deployed, nothing changed. Helm has the same ${releases.length - 2} charts with the values that our components set, and two charts made of all other objects that the stack renders, in a sandbox beside; it runs \`helm upgrade --dry-run=server\` for one release after the other. That renders and has the server look at it; Pulumi's preview also compares each object with what is deployed.`,
    table: {
      head: ["what", "time", "against", "ratio"],
      rows: [
        ["helm, all releases", seconds(all), "", ""],
        ["Keelson, owns the add-ons", seconds(measured["Keelson, owns the add-ons"]), "helm, all", times(owned)],
        [
          "the same with the policy pack",
          seconds(measured["Keelson, owns the add-ons, with the pack"]),
          "helm, all",
          times(pairedRatio(measured["Keelson, owns the add-ons, with the pack"], all)),
        ],
        [
          "the same with the engine's debug log",
          seconds(measured["Keelson, owns the add-ons, engine's debug log on"]),
          "Keelson without it",
          times(log),
        ],
        ["helm, without add-ons", seconds(without), "", ""],
        [
          "Keelson, add-ons present",
          seconds(measured["Keelson, add-ons present"]),
          "helm, without add-ons",
          times(present),
        ],
        [
          "Keelson, add-ons present",
          seconds(measured["Keelson, add-ons present"]),
          "helm, all",
          times(pairedRatio(measured["Keelson, add-ons present"], all)),
        ],
      ],
    },
    findings: [
      `Aim, 1.5 × Helm: ${verdict(owned <= 1.5)} where the stack owns the add-ons (${times(owned)}), ${verdict(present <= 1.5)} where they are declared present (${times(present)} of Helm without them).`,
      `The engine's own debug log makes the same preview take ${times(log)}: since 2026 the engine compresses and encrypts every message of every run into \`~/.pulumi/logs\`, CRDs many times over, and offers no switch. It goes on without where a file is in the folder's place, which is what the sandbox does (\`sandbox/engine-log.ts\`); elsewhere: \`rm -r ~/.pulumi/logs && touch ~/.pulumi/logs\`.`,
      `The add-ons' ${definitions.count} CRDs are ${megabytes(definitions.size)} of the state's ${megabytes(definitions.whole)} MB and pass several times between program, engine and plugin. Add-ons that change once a month need not be in the stack that is previewed ten times a day: \`keelson:addons.<name>.ownership: present\`.`,
    ],
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

async function updates(pair: Pair, runs: number, progress: (line: string) => void): Promise<Section> {
  const { pulumi, shared, releases } = pair;
  progress("helm: one image tag changed");
  let tags = 0;
  const up = async (place: Partial<SharedStack["place"]>) => {
    tags += 1;
    const tag = `1.1.${tags}`;
    const path = ["--path", "keelson:services.gateway.image.tag"];
    await pulumi.pulumi(["config", "set", "--stack", "prod", ...path, tag], place);
    return pulumi.pulumi(["up", "--stack", "prod", "--yes", "--skip-preview", "--suppress-progress"], place);
  };
  const upgraded = (which: HelmRelease[]) => {
    tags += 1;
    return upgrade(pair, which, "--wait", "--set", `${tagValue}=1.1.${tags}`);
  };
  const own = releases.filter(({ addon }) => !addon);
  const last = releases.slice(-1);
  const measured = await alternate(
    {
      "helm, all releases": () => upgraded(releases),
      "Keelson, owns the add-ons": () => up({}),
      "helm, without add-ons": () => upgraded(own),
      "Keelson, add-ons present": () => up(shared),
      "helm, the services' release only": () => upgraded(last),
    },
    { runs, progress },
  );
  const all = measured["helm, all releases"];
  const without = measured["helm, without add-ons"];
  const owned = pairedRatio(measured["Keelson, owns the add-ons"], all);
  const present = pairedRatio(measured["Keelson, add-ons present"], without);
  return {
    title: "A new image tag, against Helm",
    method:
      "`up --skip-preview` after the tag of one service's image was changed, pods awaited, against `helm upgrade --wait` of one release after the other. A Helm user who knows which release it is upgrades only that one, which is shown too; Pulumi finds out by itself.",
    table: {
      head: ["what", "time", "against", "ratio"],
      rows: [
        ["helm, all releases", seconds(all), "", ""],
        ["Keelson, owns the add-ons", seconds(measured["Keelson, owns the add-ons"]), "helm, all", times(owned)],
        ["helm, without add-ons", seconds(without), "", ""],
        [
          "Keelson, add-ons present",
          seconds(measured["Keelson, add-ons present"]),
          "helm, without add-ons",
          times(present),
        ],
        ["helm, the services' release only", seconds(measured["helm, the services' release only"]), "", ""],
      ],
    },
    findings: [
      `Aim, 2 × Helm: ${verdict(owned <= 2)} where the stack owns the add-ons (${times(owned)}), ${verdict(present <= 2)} where they are declared present (${times(present)} of Helm without them).`,
      "Services carry `pulumi.com/skipAwait`: their pods are awaited by the workload behind them, and Pulumi's own wait would take ten seconds a Service.",
    ],
  };
}
