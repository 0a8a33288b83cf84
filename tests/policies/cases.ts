import { readdirSync, readFileSync } from "node:fs";
import { parse, parseAllDocuments } from "yaml";
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
  /** The path that the rule should name, as the end of it. */
  readonly at?: string;
  /** How often the rule is broken, where that is not once. */
  readonly times?: number;
  /** Other rules that break with it. */
  readonly also?: readonly string[];
  readonly options?: Json;
  readonly kubernetes?: number;
  /** False where the rule's remedy is for another case. */
  readonly remedied?: boolean;
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

/** Where a container can stand in a pod. */
export const positions = ["container", "init", "sidecar", "ephemeral"] as const;
export type Position = (typeof positions)[number];

/** The objects of a case whose container stands in the given position of an object of the given kind. */
export function objectsOfCase(one: Case, kind: PodBearing = podBearing[3], position: Position = "container"): Json[] {
  if (one.objects !== undefined) return parseAllDocuments(one.objects).map((document) => document.toJS() as Json);
  const ends = kind.longRunning ? {} : { restartPolicy: "OnFailure" };
  const pod = merged({ ...podWith(one.container ?? {}, position, kind.longRunning), ...ends }, one.pod ?? {}) as Json;
  return [
    merged(
      objectAround(kind, pod),
      kind.path.slice(0, -1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), { metadata: one.metadata ?? {} }),
    ) as Json,
  ];
}

/** A complete pod one container of which is different, and the last of its kind. */
function podWith(patch: Json, position: Position, longRunning: boolean): Json {
  const other = longRunning ? container : initContainer;
  const changed = (base: Json) => merged(base, patch);
  const { resources: _, ports: __, ...debug } = initContainer("debug");
  return podSpec({
    containers: [other("first"), ...(position === "container" ? [changed(other("app"))] : [])],
    initContainers: [
      initContainer("prepare"),
      ...(position === "init" ? [changed(initContainer("app"))] : []),
      ...(position === "sidecar" ? [changed(other("app", { restartPolicy: "Always" }))] : []),
    ],
    ...(position === "ephemeral" ? { ephemeralContainers: [changed({ ...debug, name: "app" })] } : {}),
  });
}
