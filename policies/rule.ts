import type { KubernetesObject } from "./kubernetes/object.ts";

/** The environments that a stack can be, from lenient to strict. */
export const environments = ["dev", "staging", "prod"] as const;
export type Environment = (typeof environments)[number];

/** What a broken rule does: nothing, tell, or stop the deployment. */
export type Level = "disabled" | "advisory" | "mandatory";

export type Severity = "low" | "medium" | "high" | "critical";

/** The options of a rule by name, after defaults; each fits the rule's schema. */
export type Options = Readonly<Record<string, unknown>>;

/** An option of a rule, as JSON Schema: the engine checks what is configured against it. */
export interface OptionSchema {
  readonly type: "string" | "number" | "integer" | "boolean" | "array";
  readonly description: string;
  readonly enum?: string[];
  readonly default: string | number | boolean | string[];
}

/** What people should know of a rule. */
interface About {
  /** The rule's name in configuration and reports, and the name of its file. Never changes once published. */
  readonly id: string;
  /** What holds where the rule holds, in one line. */
  readonly title: string;
  readonly severity: Severity;
  readonly levels: Readonly<Record<Environment, Level>>;
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
  readonly verdict: "broken" | "unknown";
  readonly object: KubernetesObject;
  readonly container?: string;
  /** The field to change, or the one that is not known. */
  readonly path: string;
  /** What is wrong with the field, as the end of a sentence. Holds no value: it could be a secret. */
  readonly problem: string;
  /** What to do about it, where the rule's own remedy does not fit. */
  readonly remedy?: string;
}

/** A rule that needs to see one object only. */
export interface ObjectRule extends About {
  readonly sees: "object";
  /** Whether the rule has anything to say about such an object. */
  appliesTo(object: KubernetesObject): boolean;
  /** Where the object breaks the rule or cannot be judged yet; nothing where the rule holds. */
  judge(object: KubernetesObject, options: Options): Finding[];
}

/** A rule that needs to see all objects of a stack. */
export interface StackRule extends About {
  readonly sees: "stack";
  judge(objects: readonly KubernetesObject[], options: Options): Finding[];
}

export type Rule = ObjectRule | StackRule;

/** The options of a rule where nothing is configured. */
export function defaultOptions(rule: Rule): Options {
  return Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default]));
}
