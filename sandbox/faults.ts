import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { readJson } from "./files.ts";
import { ownCheckout, type SandboxPaths } from "./paths.ts";
import { SandboxError } from "./progress.ts";

/** What can be made to go wrong, with what it does to the selected pods. */
export const faultNames = {
  "image-pull-error": "pods that start from now on stay Pending with ImagePullBackOff",
  crash: "pods are in CrashLoopBackOff, running ones too",
  "failed-job": "pods of Jobs end with an error",
  "never-ready": "pods run but never become ready, running ones lose their readiness",
} as const;

export type FaultName = keyof typeof faultNames;

/** A fault that is switched on for some pods. */
export interface Fault {
  name: FaultName;
  namespace: string;
  /** Labels that the pods carry, all of them; none selects every pod of the namespace. */
  labels: Record<string, string>;
}

/** @throws SandboxError for a name that is not a fault's. */
export function faultName(word: string): FaultName {
  if (Object.hasOwn(faultNames, word)) return word as FaultName;
  throw new SandboxError(`"${word}" is no fault; there are ${Object.keys(faultNames).join(", ")}`);
}

/** Labels of a selector such as `app.kubernetes.io/name=gateway,tier=web`. @throws SandboxError when a part is not `key=value`. */
export function parseSelector(selector: string): Record<string, string> {
  const parts = selector.split(",").filter(Boolean);
  return Object.fromEntries(
    parts.map((part) => {
      const match = /^([^=!]+)==?([^=]*)$/.exec(part.trim());
      if (!match?.[1]) throw new SandboxError(`"${part}" in the selector is not of the form label=value`);
      return [match[1], match[2] ?? ""];
    }),
  );
}

/** The file with all stages that KWOK plays. */
export function stageFile(paths: SandboxPaths): string {
  return join(paths.cluster, "stages.yaml");
}

function faultFile(paths: SandboxPaths): string {
  return join(paths.cluster, "faults.json");
}

function areFaults(value: unknown): value is Fault[] {
  return (
    Array.isArray(value) &&
    value.every(
      (fault: Partial<Fault> | null) => typeof fault?.namespace === "string" && typeof fault.labels === "object",
    )
  );
}

/** The faults that are switched on. @throws SandboxError where the file that says so is damaged. */
export async function activeFaults(paths: SandboxPaths): Promise<Fault[]> {
  return (await readJson(faultFile(paths), areFaults)) ?? [];
}

interface Stage {
  metadata: { name: string };
  spec: { selector: { matchLabels?: Record<string, string>; matchExpressions: unknown[] } };
}

async function readStages(name: string): Promise<Stage[]> {
  const text = await readFile(join(ownCheckout, "sandbox", "stages", `${name}.yaml`), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as Stage);
}

/** Writes the stage file: the ordinary stages, and those of the faults that are on from now on. */
export async function writeStages(paths: SandboxPaths, faults: readonly Fault[]): Promise<void> {
  const ordinary = await Promise.all(["nodes", "pods", "volumes", "addresses"].map(readStages));
  const templates = await readStages("faults");
  const faulty = faults.flatMap((fault, index) => {
    const template = templates.find((stage) => stage.metadata.name === fault.name);
    if (template === undefined) return [];
    const stage = structuredClone(template);
    stage.metadata.name = `${fault.name}-${index}`;
    if (Object.keys(fault.labels).length > 0) stage.spec.selector.matchLabels = fault.labels;
    stage.spec.selector.matchExpressions.push({
      key: ".metadata.namespace",
      operator: "In",
      values: [fault.namespace],
    });
    return [stage];
  });
  await writeFile(
    stageFile(paths),
    [...ordinary.flat(), ...faulty].map((stage) => stringify(stage, { lineWidth: 0 })).join("---\n"),
  );
  await writeFile(faultFile(paths), JSON.stringify(faults));
}
