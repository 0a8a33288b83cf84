import type { KubernetesObject } from "./kubernetes/object.ts";
import type { Stack } from "./kubernetes/stack.ts";
import type { KubernetesVersion } from "./kubernetes/version.ts";
import type { Setting } from "./remediation.ts";
import type { Waiver } from "./waivers.ts";

/** The environments that a stack can be, from lenient to strict. */
export const environments = ["dev", "staging", "prod"] as const;
export type Environment = (typeof environments)[number];

/** What a broken rule does: nothing, tell, set right what can be set safely and tell the rest, or stop the deployment. */
export type Level = "disabled" | "advisory" | "remediate" | "mandatory";
export type Levels = Readonly<Record<Environment, Level>>;

export type Severity = "low" | "medium" | "high" | "critical";

/** The options of a rule by name, after defaults; each fits the rule's schema. */
export type Options = Readonly<Record<string, unknown>>;

/** An option of a rule, as JSON Schema: the engine checks what is configured against it. */
export interface OptionSchema {
  readonly type: "string" | "number" | "integer" | "boolean" | "array" | "object";
  readonly description: string;
  readonly enum?: string[];
  /** What a list holds, as JSON Schema. */
  readonly items?: Readonly<Record<string, unknown>>;
  readonly default: unknown;
}

/** What people should know of a rule. */
interface About {
  /** The rule's name in configuration and reports, and the name of its file. Never changes once published. */
  readonly id: string;
  /** What holds where the rule holds, in one line. */
  readonly title: string;
  readonly severity: Severity;
  readonly levels: Levels;
  /** What exactly is checked, and what counts. */
  readonly what: string;
  /** What goes wrong where the rule is broken. */
  readonly why: string;
  /** What to write so that the rule holds: YAML, or one line. */
  readonly remedy: string;
  /** Where the rule is from: documentation, and tools that check the same. */
  readonly sources: readonly string[];
  readonly options?: Readonly<Record<string, OptionSchema>>;
}

/** One place where a rule is broken, or where it depends on a value that is not known yet. */
export interface Finding {
  readonly verdict: "broken" | "cannot tell";
  readonly object: KubernetesObject;
  readonly container?: string;
  /** The field to change, or the one that is not known. */
  readonly path: string;
  /** What is wrong with the field, as the end of a sentence. Holds no value: it could be a secret. */
  readonly problem: string;
  /** What to do about it, where the rule's own remedy does not fit. */
  readonly remedy?: string;
}

/** What a rule may know beside the objects it judges. */
export interface Facts {
  /** The version of the cluster that the objects are for. */
  readonly kubernetes: KubernetesVersion;
  /** The environment that they are for; prod where it is not said. */
  readonly environment?: Environment;
}

/** A rule that needs to see one object only. */
export interface ObjectRule extends About {
  readonly sees: "object";
  /** Whether the rule has anything to say about such an object. */
  appliesTo(object: KubernetesObject): boolean;
  /** Where the object breaks the rule or cannot be judged yet; nothing where the rule holds. */
  judge(object: KubernetesObject, options: Options, facts: Facts): Finding[];
  /** What would set an object right that breaks the rule, as far as that is safe. Only asked in dev. */
  settings?(object: KubernetesObject, facts: Facts): readonly Setting[];
}

/** A rule that needs to see all objects of a stack. */
export interface StackRule extends About {
  readonly sees: "stack";
  judge(stack: Stack, options: Options, facts: Facts): Finding[];
}

/** What all other rules have found, and which waivers they met. */
export interface Judging {
  readonly judgements: readonly { readonly rule: Rule; readonly level: Level; readonly finding: Finding }[];
  readonly waivers: readonly {
    readonly waiver: Waiver;
    readonly used: boolean;
    readonly expired: boolean;
    /** Whether its rule is disabled, so that it cannot be used. */
    readonly off: boolean;
  }[];
}

/** A rule about the judging itself, which judges last. */
export interface JudgingRule extends About {
  readonly sees: "judging";
  judge(judging: Judging): Finding[];
}

export type Rule = ObjectRule | StackRule | JudgingRule;

/** Levels of a rule that stops deployments in the given environment and stricter ones, and tells in the others. */
export function mandatoryFrom(environment: Environment): Levels {
  return levelsFrom(environment, "mandatory", "advisory");
}

/** Levels of a rule that tells in the given environment and stricter ones, and is off in the others. */
export function advisoryFrom(environment: Environment): Levels {
  return levelsFrom(environment, "advisory", "disabled");
}

function levelsFrom(environment: Environment, there: Level, before: Level): Levels {
  const from = environments.indexOf(environment);
  const at = (index: number) => (index < from ? before : there);
  return { dev: at(0), staging: at(1), prod: at(2) };
}

/** Levels of a rule that sets right in dev what it safely can, and stops deployments elsewhere. */
export const remediatedInDev: Levels = { dev: "remediate", staging: "mandatory", prod: "mandatory" };

/** The options of a rule where nothing is configured. */
export function defaultOptions(rule: Rule): Options {
  return Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default]));
}

/** The texts of an option that is a list. */
export function listOf(option: unknown): string[] {
  return Array.isArray(option) ? option.filter((item) => typeof item === "string") : [];
}
