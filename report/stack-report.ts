import { alarmsOf } from "./alarms/alarms.ts";
import { blindSpotsOf } from "./blind-spots.ts";
import { capacityOf } from "./capacity.ts";
import { changesDigest } from "./digest.ts";
import type { EngineEvent } from "./events.ts";
import { fieldChanges } from "./fields.ts";
import { findingsOf } from "./findings.ts";
import { cut, visible } from "./inert-text.ts";
import { linksOf } from "./links.ts";
import {
  type Change,
  type Finding,
  type Message,
  operations,
  type Pack,
  type StackReport,
  type Verdict,
} from "./model.ts";
import { packsOf } from "./proof.ts";
import { calledOf, nameOfUrn, type Resource, resourcesOf } from "./resources.ts";
import { Secrecy } from "./secrecy.ts";

/** How to read a run. */
export interface Reading {
  /** What to call the stack where the events do not say it. */
  readonly stack: string;
  /** Default: as the events say, else a preview. */
  readonly operation?: StackReport["operation"];
  /** Whether a policy pack was to judge; default true. */
  readonly packWanted?: boolean;
  /** Rules that the pack's configuration switches off. */
  readonly off?: ReadonlySet<string>;
  /** Secrets by value, which must not be told. */
  readonly secrets?: readonly string[];
}

/** The most fields of one object, and the longest message, that a report keeps. */
const mostFields = 200;
const longestMessage = 4000;

/** What the engine said of one stack, as a report. The order of the events does not matter. */
export function stackReport(events: readonly EngineEvent[], reading: Reading): StackReport {
  const { packWanted = true, off = new Set<string>() } = reading;
  const secrecy = new Secrecy(reading.secrets);
  const clean = (text: string) => cut(visible(secrecy.text(text)), 500);
  const summary = events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  const run = events.find(({ runEvent }) => runEvent)?.runEvent;
  const config = events.find(({ preludeEvent }) => preludeEvent)?.preludeEvent?.config ?? {};
  const environment = config["keelson:environment"];
  const resources = resourcesOf(events, secrecy);
  const findings = findingsOf(events, secrecy);
  const packs = packsOf(events, resources, environment, off);
  const messages = messagesOf(events, secrecy, resources);
  const changing = resources.filter(({ operation }) => operation !== "same");
  const count = (operation: Resource["operation"]) =>
    resources.filter((one) => one.operation === operation && isCounted(one)).length;
  const begun = Math.min(...events.flatMap(({ timestamp }) => timestamp ?? []));
  const verdict = verdictOf({ finished: summary !== undefined, messages, findings, packs, packWanted });
  return {
    stack: clean(reading.stack),
    ...(environment === undefined ? {} : { environment: clean(environment) }),
    operation: reading.operation ?? run?.operation ?? (summary?.isPreview === false ? "update" : "preview"),
    verdict,
    ...(Number.isFinite(begun) ? { begun: new Date(begun * 1000).toISOString().replace(".000Z", "Z") } : {}),
    ...(summary ? { durationSeconds: summary.durationSeconds } : {}),
    tools: sortedTexts({ ...pluginVersions(resources), ...run?.tools }, clean),
    counts: Object.fromEntries(
      [...operations, "same" as const].map((one) => [one, count(one)]),
    ) as StackReport["counts"],
    changes: { digest: changesDigest(resources), list: changing.map((one) => change(one, clean)) },
    alarms: alarmsOf(resources),
    packs,
    findings,
    fixed: [],
    blindSpots: blindSpotsOf({ events, resources, findings, packs, packWanted }).map((spot) => ({
      ...spot,
      places: spot.places.map(clean),
    })),
    capacity: {
      before: capacityOf(resources.flatMap(({ before }) => before ?? [])),
      after: capacityOf(resources.flatMap(({ after }) => after ?? [])),
    },
    messages,
    links: linksOf(resources).map(({ from, to, label }) => ({ from: clean(from), to: clean(to), label: clean(label) })),
  };
}

/** The stack itself is no change: the engine counts it neither. */
function isCounted({ type }: Resource): boolean {
  return type !== "pulumi:pulumi:Stack";
}

function change(resource: Resource, clean: (text: string) => string): Change {
  const fields = fieldChanges(resource);
  const { urn, operation, type, kind, namespace, name, component, chart, protect } = resource;
  return {
    urn: clean(urn),
    operation: operation as Change["operation"],
    type: clean(type),
    kind: clean(kind),
    ...(namespace === undefined ? {} : { namespace: clean(namespace) }),
    name: clean(name),
    component: clean(component),
    ...(chart === undefined ? {} : { chart: clean(nameOfUrn(chart)) }),
    ...(protect ? { protect } : {}),
    fields: fields.slice(0, mostFields),
    ...(fields.length > mostFields ? { cut: fields.length - mostFields } : {}),
  };
}

/** What the engine says at the end where a rule or an error has already said why. */
const echoes = /^(preview|update) failed$/;

function messagesOf(events: readonly EngineEvent[], secrecy: Secrecy, resources: readonly Resource[]): Message[] {
  const called = new Map(resources.map((one) => [one.urn, calledOf(one)]));
  const found = events.flatMap(({ diagnosticEvent, errorEvent, runEvent }): Message[] => {
    const clean = (text: string) => cut(visible(secrecy.text(withoutColour(text)).trim(), "lines"), longestMessage);
    if (errorEvent) return [{ severity: "error", message: clean(errorEvent.error) }];
    if (runEvent?.ended === "by time-out")
      return [{ severity: "error", message: "The engine did not end in time and was stopped." }];
    if (runEvent?.said) return [{ severity: "error", message: clean(runEvent.said) }];
    if (!diagnosticEvent || diagnosticEvent.ephemeral) return [];
    const { severity, urn } = diagnosticEvent;
    const message = clean(diagnosticEvent.message);
    if ((severity !== "error" && severity !== "warning") || message === "" || echoes.test(message)) return [];
    const object = urn && !urn.includes("::pulumi:pulumi:Stack::") ? (called.get(urn) ?? nameOfUrn(urn)) : undefined;
    return [
      {
        severity,
        message,
        ...(urn === undefined ? {} : { urn: cut(visible(secrecy.text(urn)), 500) }),
        ...(object === undefined ? {} : { object: cut(visible(secrecy.text(object)), 500) }),
      },
    ];
  });
  const key = ({ severity, object = "", message }: Message) => [severity, object, message].join("\0");
  return [...new Map(found.map((one) => [key(one), one])).values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function withoutColour(text: string): string {
  // Colours of terminals and of the engine: <{%fg 1%}>.
  return text.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m|<\\{%[^%]*%\\}>`, "g"), "");
}

function verdictOf(run: {
  finished: boolean;
  messages: readonly Message[];
  findings: readonly Finding[];
  packs: readonly Pack[];
  packWanted: boolean;
}): Verdict {
  const { finished, messages, findings, packs, packWanted } = run;
  const failed = !finished || messages.some(({ severity }) => severity === "error");
  const proven = !packWanted || (packs.length > 0 && packs.every(({ missing }) => missing.length === 0));
  if (failed) return "failed";
  if (findings.some(({ level, verdict }) => level === "mandatory" && verdict === "broken")) return "policy";
  return proven ? "clean" : "failed";
}

function pluginVersions(resources: readonly Resource[]): Record<string, string> {
  return Object.fromEntries(
    resources.flatMap(({ type, after, before }) => {
      const version = (after ?? before)?.inputs?.version;
      return type.startsWith("pulumi:providers:") && typeof version === "string"
        ? [[type.split(":")[2] ?? "", version]]
        : [];
    }),
  );
}

function sortedTexts(texts: Record<string, string>, clean: (text: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.keys(texts)
      .sort()
      .map((key) => [clean(key), clean(texts[key] ?? "")]),
  );
}
