import { readdirSync, readFileSync } from "node:fs";
import { parse, parseAllDocuments } from "yaml";
import type { Environment } from "../../policies/rule.ts";
import {
  container,
  initContainer,
  type Json,
  merged,
  objectAround,
  type PodBearing,
  podBearing,
  podSpec,
} from "./objects.ts";

/** What a rule is shown, and what it should say of it. */
export interface Case {
  /** What is different in one container of an otherwise complete pod. */
  readonly container?: Json;
  /** What is different in the spec of an otherwise complete pod. */
  readonly pod?: Json;
  /** What is different in the metadata of the pods. */
  readonly metadata?: Json;
  /** Whole objects that belong together, as YAML. */
  readonly objects?: string;
  /** Resources of a Pulumi program that belong together. */
  readonly resources?: readonly Json[];
  /** The path that the rule should name, as the end of it. */
  readonly at?: string;
  /** How often the rule is broken, where that is not once. */
  readonly times?: number;
  /** Other rules that break with it. */
  readonly also?: readonly string[];
  readonly options?: Json;
  readonly kubernetes?: number;
  readonly environment?: Environment;
  /** False where the rule's remedy is for another case. */
  readonly remedied?: boolean;
  /** The objects after somebody did what the remedy says, where it says so in prose or leaves out what only a person knows. */
  readonly mended?: string;
  /** Kinds that the case is about, where it is not all that make pods. */
  readonly kinds?: readonly string[];
  readonly positions?: readonly string[];
}

export interface Cases {
  readonly broken: readonly Case[];
  readonly holds: readonly Case[];
  /** Where a container of the cases may stand; default everywhere. */
  readonly positions?: readonly string[];
  readonly kinds?: readonly string[];
}

const folder = new URL("cases/", import.meta.url);

/** The cases of every rule. */
export const casesByRule: ReadonlyMap<string, Cases> = new Map(
  readdirSync(folder).flatMap((file) =>
    Object.entries(parse(readFileSync(new URL(file, folder), "utf8")) as Record<string, Cases>),
  ),
);

/** Where a container can stand in a pod: in which list, and there first or last. */
export const positions = [
  "container",
  "first container",
  "init",
  "first init",
  "sidecar",
  "first sidecar",
  "ephemeral",
] as const;
export type Position = (typeof positions)[number];

/** The positions that a case is about, of those that its rule is about. */
export function positionsOf(one: Case, all: readonly string[] | undefined): readonly Position[] {
  if (!one.container) return ["container"];
  const wanted = one.positions ?? all;
  return positions.filter((position) => wanted?.includes(position.replace("first ", "")) ?? true);
}

/** The kinds that a case is about, of those that its rule is about. */
export function kindsOf(one: Case, all: readonly string[] | undefined): readonly PodBearing[] {
  if (one.objects !== undefined || one.resources !== undefined) return podBearing.slice(3, 4);
  const wanted = one.kinds ?? all;
  return podBearing.filter(({ kind }) => wanted?.includes(kind) ?? true);
}

/** The objects of a case whose container stands in the given position of an object of the given kind. */
export function objectsOfCase(one: Case, kind: PodBearing = podBearing[3], position: Position = "container"): Json[] {
  if (one.resources !== undefined) return [...one.resources];
  if (one.objects !== undefined) return documents(one.objects);
  const ends = kind.longRunning ? {} : { restartPolicy: "OnFailure" };
  const pod = merged({ ...podWith(one.container ?? {}, position, kind.longRunning), ...ends }, one.pod ?? {}) as Json;
  return [
    merged(
      objectAround(kind, pod),
      kind.path.slice(0, -1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), { metadata: one.metadata ?? {} }),
    ) as Json,
  ];
}

/** The documents of a YAML text. */
export function documents(text: string): Json[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Json);
}

/** A complete pod one container of which is different. */
function podWith(patch: Json, position: Position, longRunning: boolean): Json {
  const other = longRunning ? container : initContainer;
  const { resources: _, ports: __, ...debug } = initContainer("debug");
  const list = position.replace("first ", "");
  const isFirst = position !== list;
  const beside = (others: Json[], name: string, base: Json): Json[] => {
    if (name !== list) return others;
    const changed = merged(base, patch) as Json;
    return isFirst ? [changed, ...others] : [...others, changed];
  };
  const inits = beside([initContainer("prepare")], "init", initContainer("app"));
  return podSpec({
    containers: beside([other("other")], "container", other("app")),
    initContainers: beside(inits, "sidecar", other("app", { restartPolicy: "Always" })),
    ...(list === "ephemeral" ? { ephemeralContainers: beside([], "ephemeral", { ...debug, name: "app" }) } : {}),
  });
}
