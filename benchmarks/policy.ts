import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownCheckout } from "../sandbox/paths.ts";
import { alternate } from "./alternate.ts";
import type { Laboratory } from "./laboratory.ts";
import { type Section, verdict } from "./report.ts";
import { objectsPerService, ownPack, percent, repetitions, serviceProjects } from "./services.ts";
import { median, pairedRatio, seconds, times } from "./statistics.ts";

/** What `pulumi policy new kubernetes-typescript` writes, with one rule. */
const oneRule = `import { PolicyPack } from "@pulumi/policy";

new PolicyPack("one-rule", {
  policies: [
    {
      name: "no-latest",
      description: "Images have a tag that does not move.",
      enforcementLevel: "mandatory",
      validateResource: (args, reportViolation) => {
        if (args.type === "kubernetes:apps/v1:Deployment" && JSON.stringify(args.props).includes(":latest")) {
          reportViolation("uses latest");
        }
      },
    },
  ],
});
`;

async function oneRulePack(lab: Laboratory): Promise<string> {
  const folder = lab.path("one-rule");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "one-rule", version: "0.0.1" }));
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { strict: true, target: "es2020", module: "nodenext", moduleResolution: "nodenext" },
    }),
  );
  await writeFile(join(folder, "index.ts"), oneRule);
  await symlink(join(ownCheckout, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Numbers of services. */
const sizes = [1, 50, 300];

/** Start and evaluation of our pack against a pack of one rule in Pulumi's default set-up. */
export async function policy(lab: Laboratory, runs: number, progress: (line: string) => void): Promise<Section> {
  const { components, env } = await serviceProjects(lab, "policy");
  const packs = {
    none: [],
    "one rule": ["--policy-pack", await oneRulePack(lab)],
    ours: ownPack,
  };
  const rows: string[][] = [];
  const ratios: number[] = [];
  const starts: number[] = [];
  /** What our rules take above the one, in seconds and as a share of the preview without a pack, of the most services. */
  let rules = { seconds: 0, share: 0 };
  for (const count of sizes) {
    progress(`policy: ${count} services`);
    const preview = (pack: string[]) =>
      lab.pulumi(["preview", "--stack", "bench", "--suppress-progress", ...pack], { cwd: components, env: env(count) });
    const measured = await alternate(
      {
        none: () => preview(packs.none),
        "one rule": () => preview(packs["one rule"]),
        ours: () => preview(packs.ours),
      },
      { ...repetitions(count, runs), progress },
    );
    const ratio = pairedRatio(measured.ours, measured["one rule"]);
    ratios.push(ratio);
    const more = (name: "one rule" | "ours") => measured[name].map((taken, run) => taken - (measured.none[run] ?? 0));
    starts.push(pairedRatio(more("ours"), more("one rule")));
    const added = (name: "one rule" | "ours") => `${(median(measured[name]) - median(measured.none)).toFixed(1)} s`;
    const above = median(measured.ours) - median(measured["one rule"]);
    rules = { seconds: above, share: above / median(measured.none) };
    rows.push([
      String(count),
      seconds(measured.none),
      seconds(measured["one rule"]),
      seconds(measured.ours),
      added("one rule"),
      added("ours"),
      times(ratio),
    ]);
  }
  const objects = ((sizes.at(-1) ?? 0) * objectsPerService).toLocaleString("en");
  return {
    title: "Policies",
    method:
      "First preview of services without a pack, with a pack of one rule as `pulumi policy new kubernetes-typescript` sets it up (ts-node), and with `policies/`. With one service the start of the pack is what one sees; with more, the evaluation. The most services are measured once.",
    table: {
      head: [
        "services",
        "no pack",
        "pack of one rule",
        "policies/",
        "one rule adds",
        "policies/ adds",
        "policies/ : one rule",
      ],
      rows,
    },
    findings: [
      `Aim, all rules within 1.5 × a pack of one rule: ${verdict(ratios.every((ratio) => ratio <= 1.5))}, ${ratios.map(times).join(", ")} of the whole preview, ${starts.map(times).join(", ")} of what the pack adds to it. Node runs the pack from its TypeScript, so that its start costs no compiler; what the further rules cost shows with more objects.`,
      `Aim, all rules over ${objects} objects within a tenth of the preview: ${verdict(rules.share <= 0.1)}, they take ${rules.seconds.toFixed(1)} s more than one rule does, ${percent(rules.share)} of the preview without a pack. What one rule takes, any pack does: the engine sends it every object. What ours take above it is judging, and that the SDK asks each policy about each object; what it would read of the object for each of them it is not given (\`policies/analyzer-service.ts\`).`,
    ],
  };
}
