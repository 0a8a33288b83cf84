import { RunError } from "@pulumi/pulumi";
import { nameSchema } from "../components/model/names.ts";
import { check, keyPath, oneOf, printable } from "../components/model/problems.ts";
import type { Problem } from "../components/model/system.ts";
import { fitting } from "./fitting.ts";
import { type StackSettings, stackSchema } from "./schema.ts";
import { readYaml } from "./yaml.ts";

/** Thrown for settings that cannot be used: one message with all problems, made for people. The engine prints a `RunError` without a stack trace. */
export class SettingsError extends RunError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `${problems.length} problem${problems.length > 1 ? "s" : ""} in the settings, nothing was changed:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.problems = problems;
  }
}

/** Throws one `SettingsError` with everything in the cluster that is in the way of a stack; nothing where there is none. */
export function assertNoneInTheWay(problems: readonly Problem[], stack: string): void {
  if (problems.length)
    throw new SettingsError(problems.map((problem) => describeProblem(problem, `Pulumi.${stack}.yaml`)));
}

/** The namespace of our keys in a stack file. */
const namespace = "keelson";

/**
 * Reads a stack's configuration, as the engine hands it over (`namespace:key` → text), into settings.
 * Returns what could be read, all problems, and where something was left out for one; keys of other namespaces are none of ours.
 */
export function readSettings(config: Record<string, string>): {
  settings: StackSettings | undefined;
  problems: Problem[];
  dropped: Problem["path"][];
} {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [];
  const unread: Problem["path"][] = [];
  for (const [fullKey, text] of Object.entries(config)) {
    const [prefix, ...rest] = fullKey.split(":");
    const key = rest.join(":");
    if (prefix !== namespace) continue;
    if (!Object.hasOwn(stackSchema.shape, key)) {
      problems.push({ path: [key], message: "unknown key", fix: oneOf(key, Object.keys(stackSchema.shape)) });
      continue;
    }
    const read = isTextKey(key) ? { value: text } : readYaml(text);
    if ("value" in read) {
      problems.push(...prototypes(read.value, [key]));
      values[key] = read.value;
      continue;
    }
    const fix = "give it as YAML, such as a mapping of keys, or set it with pulumi config set --path";
    problems.push({ path: [key], message: read.mistake, fix });
    unread.push([key]);
  }
  const { value: settings, problems: unfit, dropped } = fitting(values, (some) => check(stackSchema, some));
  return { settings, problems: [...problems, ...unfit], dropped: [...unread, ...dropped] };
}

/** Takes every key `__proto__` away, which is nobody's name and would be left out without a word, or be an object's prototype. */
function prototypes(value: unknown, path: Problem["path"]): Problem[] {
  if (typeof value !== "object" || value === null) return [];
  const found: Problem[] = Object.hasOwn(value, "__proto__")
    ? [{ path: [...path, "__proto__"], message: "unknown key", fix: "remove it" }]
    : [];
  Reflect.deleteProperty(value, "__proto__");
  return [
    ...found,
    ...Object.entries(value).flatMap(([key, inner]) =>
      prototypes(inner, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

/** Whether a key holds plain text: then `3` stays `"3"`. All other keys are structured. */
function isTextKey(key: string): boolean {
  return ["system", "environment", "namespace", "domain", "registry"].includes(key);
}

/** A problem as one line: the stack file, the key, what is wrong, what would be right. */
export function describeProblem({ path, message, fix }: Problem, stackFile: string): string {
  return printable(`${stackFile}: ${namespace}:${keyPath(shown(path))}: ${message}; ${fix}`);
}

/** A path without what may be a secret in the place of its name. */
function shown(path: Problem["path"]): Problem["path"] {
  const [key, name] = path;
  if (key !== "secrets" || name === undefined || nameSchema.safeParse(name).success) return path;
  return [key, "(a name that is not shown)"];
}
