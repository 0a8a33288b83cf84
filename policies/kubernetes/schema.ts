import { readFileSync } from "node:fs";
import type { Field } from "./field.ts";

/**
 * What a value may be, in a letter: `s` text, `i` whole number, `n` number, `b` boolean, `q` quantity (text or number),
 * `x` text or whole number, `a` anything; `[…` a list of it, `{…` a map to it, `#name` a map with the fields of a type.
 */
export type Shape = string;

/** The kinds of Kubernetes itself, as an API server describes them in `/openapi/v3`, as far as shapes go. */
export interface Schema {
  /** The version of Kubernetes, `1.36`. */
  readonly version: string;
  /** The type of each kind, by `apps/v1 Deployment`. */
  readonly kinds: Readonly<Record<string, string>>;
  /** The fields of each type, by its name. */
  readonly types: Readonly<Record<string, Readonly<Record<string, Shape>>>>;
}

let read: Schema | undefined;

/** The table, which is read when it is first asked for. `schema-table.ts` writes it. */
export function kubernetesSchema(): Schema {
  read ??= JSON.parse(readFileSync(new URL("schema.json", import.meta.url), "utf8")) as Schema;
  return read;
}

/** The words for what a value should be. */
const words: Readonly<Record<string, string>> = {
  s: "a text",
  i: "a whole number",
  n: "a number",
  b: "true or false",
  q: "a quantity",
  x: "a text or a whole number",
};

/** What a value of the given shape is, in words. */
export function inWords(shape: Shape): string {
  return shape.startsWith("[") ? "a list" : (words[shape] ?? "a map");
}

/**
 * Whether a value is of a shape, whatever stands inside of lists and maps.
 * @throws NotKnown
 */
export function hasShape(field: Field, shape: Shape): boolean {
  const { value } = field;
  switch (shape[0]) {
    case "a":
      return true;
    case "s":
      return typeof value === "string";
    case "b":
      return typeof value === "boolean";
    case "n":
      return typeof value === "number";
    case "i":
      return Number.isInteger(value);
    case "q":
      return typeof value === "string" || typeof value === "number";
    case "x":
      return typeof value === "string" || Number.isInteger(value);
    case "[":
      return Array.isArray(value);
    default:
      return typeof value === "object" && value !== null && !Array.isArray(value);
  }
}
