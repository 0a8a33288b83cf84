import { z } from "zod";
import type { Problem } from "./system.ts";

type Issue = z.core.$ZodIssue;

/** A value as a schema reads it, with its defaults, or undefined beside everything that is wrong with it. */
export function check<T extends z.ZodType>(schema: T, value: unknown): { value?: z.output<T>; problems: Problem[] } {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { value: result.data, problems: [] };
  return { problems: result.error.issues.flatMap((issue) => fromIssue(issue, [], schema)) };
}

/** Everything that is wrong with a value, each problem with its place and what would be right. Empty where it fits. */
export function problemsOf(schema: z.ZodType, value: unknown): Problem[] {
  return check(schema, value).problems;
}

/** What is wrong with fields that fit one by one and not together. */
export type Check<T> = (value: T) => Problem[];

/** The parsed value with its defaults; throws one error with all problems of `checkModel`. `what` names the thing for the message. */
export function parseModel<T extends z.ZodType>(
  schema: T,
  value: unknown,
  what: string,
  together: Together<z.output<T>> = {},
): z.output<T> {
  const { value: model, problems } = checkModel(schema, value, together);
  assertNoProblems(problems, what);
  return model as z.output<T>;
}

/** What is looked at beside a schema: fields that fit one by one, and problems that are known already. */
export interface Together<T> {
  checks?: readonly Check<T>[];
  problems?: Problem[];
}

/** A value as `check` reads it, with all problems: those of the schema, those of `checks` whose fields fit it, and `problems`. */
export function checkModel<T extends z.ZodType>(
  schema: T,
  value: unknown,
  { checks = [], problems = [] }: Together<z.output<T>>,
): { value: z.output<T> | undefined; problems: Problem[] } {
  const { value: model, problems: unfit } = check(schema, value);
  const readable = unfit.length ? fittingFields(schema, value) : model;
  const together = checks.flatMap((one) => checkReadable(one, readable as z.output<T>));
  return { value: model, problems: [...problems, ...unfit, ...together] };
}

/** A check reads a field that does not fit its schema, about which enough is said. */
class UnfitField extends Error {}

/** The fields of a value that fit their schemas; reading any other throws. */
function fittingFields(schema: z.ZodType, value: unknown): Record<string, unknown> {
  const given = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const shape = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {};
  const fields = Object.entries(shape).flatMap(([key, field]): [string, unknown][] => {
    const { success, data } = field.safeParse(given[key]);
    return success ? [[key, data]] : [];
  });
  return new Proxy(Object.fromEntries(fields), {
    get(target, key) {
      if (!Object.hasOwn(target, key)) throw new UnfitField();
      return target[key as string];
    },
  });
}

function checkReadable<T>(one: Check<T>, value: T): Problem[] {
  try {
    return one(value);
  } catch (error) {
    if (error instanceof UnfitField) return [];
    throw error;
  }
}

/** Throws one error that lists all problems; does nothing where there is none. */
export function assertNoProblems(problems: Problem[], what: string): void {
  if (!problems.length) return;
  const lines = problems.map(
    ({ path, message, fix }) => `  ${printable(`${keyPath(path) || "(itself)"}: ${message}; ${fix}`)}`,
  );
  throw new Error(`${what} has ${problems.length} problem${problems.length > 1 ? "s" : ""}:\n${lines.join("\n")}`);
}

/** A text in one line, with everything visible that a terminal would take for a command or an editor for the end of the line. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`);
}

/** A path as people write it: `services.gateway.ports[0].port`. */
export function keyPath(path: (string | number)[]): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index ? "." : ""}${part}`)).join("");
}

/** The candidate nearest to a word, where one is near enough to be meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, Math.floor(word.length * 0.4)) ? best.candidate : undefined;
}

/** What to say about a name that is not among those that exist. */
export function oneOf(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  const all = candidates.length ? `one of: ${[...candidates].sort().join(", ")}` : "there is none to name";
  return near ? `did you mean "${near}"? (${all})` : all;
}

function fromIssue(issue: Issue, prefix: (string | number)[], schema: z.ZodType): Problem[] {
  const path = [...prefix, ...(issue.path as (string | number)[])];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: "unknown key",
        fix: oneOf(key, keysAt(schema, path, issue.input)),
      }));
    case "invalid_key":
      return [{ path, message: "is no valid name", fix: issue.issues.map(({ message }) => message).join("; ") }];
    case "invalid_union": {
      const branch = bestBranch(issue.errors);
      if (branch) return branch.flatMap((inner) => fromIssue(inner, path, schema));
      // A union that says itself what is right, such as an address range of either kind.
      if (/^must/.test(issue.message)) return [{ path, message: missingOr(issue, "does not fit"), fix: issue.message }];
      return [{ path, message: missingOr(issue, "fits none of the allowed forms"), fix: formsAt(schema, path) }];
    }
    case "invalid_value":
      return [
        {
          path,
          message: missingOr(issue, "is no allowed value"),
          fix: `one of: ${issue.values.map(String).join(", ")}`,
        },
      ];
    case "invalid_type":
      return [{ path, message: missingOr(issue, "has the wrong type"), fix: `give ${typeWords(issue.expected)}` }];
    case "too_small":
      return [{ path, message: "is too small", fix: `at least ${issue.minimum}` }];
    case "too_big":
      return [
        {
          path,
          message: /^must/.test(issue.message) ? issue.message : "is too large",
          fix: `at most ${issue.maximum}`,
        },
      ];
    default:
      return [{ path, message: "does not fit", fix: issue.message }];
  }
}

/** The branch of a union that a value was meant for: the one whose only faults lie deeper than its own type; undefined where there is no one such. */
function bestBranch(branches: readonly Issue[][]): Issue[] | undefined {
  const meant = branches.filter(
    (issues) =>
      issues.some(({ path }) => path.length > 0) ||
      issues.every(({ code }) => code !== "invalid_type" && code !== "invalid_value"),
  );
  const [best, second] = meant.sort((a, b) => missing(a) - missing(b) || a.length - b.length);
  // Two that fit equally badly: nobody knows which was meant.
  return best && second && missing(best) === missing(second) && best.length === second.length ? undefined : best;
}

function missing(issues: Issue[]): number {
  return issues.filter(({ code }) => code === "unrecognized_keys" || code === "invalid_type").length;
}

function missingOr({ input }: Issue, wrong: string): string {
  return input === undefined ? "is missing" : wrong;
}

/** A type of zod's as people call it. */
function typeWords(expected: string): string {
  const words = { int: "a whole number", record: "a mapping of keys", object: "a mapping of keys", array: "a list" };
  return new Map(Object.entries(words)).get(expected) ?? `${/^[aeiou]/.test(expected) ? "an" : "a"} ${expected}`;
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  description?: string;
  type?: string | string[];
  const?: unknown;
}

const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>();

function schemasAt(schema: z.ZodType, path: (string | number)[]): JsonSchema[] {
  let root = jsonSchemas.get(schema);
  if (!root) {
    root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }) as JsonSchema;
    jsonSchemas.set(schema, root);
  }
  let here = flatten(root);
  for (const part of path) {
    here = here.flatMap((at) => {
      const next = typeof part === "number" ? at.items : (at.properties?.[part] ?? at.additionalProperties);
      return next && typeof next === "object" ? flatten(next) : [];
    });
  }
  return here;
}

function flatten(schema: JsonSchema): JsonSchema[] {
  return [schema, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap(flatten)];
}

/** The keys that a value at a path may have; where there are several forms, those of the form that it says it is of. */
function keysAt(schema: z.ZodType, path: (string | number)[], value: unknown): string[] {
  const said = new Map(Object.entries(value ?? {}));
  const keys = schemasAt(schema, path).flatMap(({ properties = {} }) => {
    const other = Object.entries(properties).some(
      ([key, { const: constant }]) => constant !== undefined && said.has(key) && said.get(key) !== constant,
    );
    return other ? [] : Object.keys(properties);
  });
  return [...new Set(keys)];
}

function formsAt(schema: z.ZodType, path: (string | number)[]): string {
  const forms = schemasAt(schema, path).flatMap(({ description, type, properties, const: constant }) => {
    if (constant !== undefined) return [JSON.stringify(constant)];
    if (properties) return [`{${Object.keys(properties).join(", ")}}`];
    return type && description ? [description] : (type ?? []);
  });
  return `one of: ${[...new Set(forms)].join(" | ")}`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
