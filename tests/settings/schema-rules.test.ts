import assert from "node:assert/strict";
import { z } from "zod";
import { readSettings } from "../../settings/read.ts";
import { stackSchema } from "../../settings/schema.ts";

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  minLength?: number;
  maxLength?: number;
}

/** One rule of the schema, broken: where, what it is, and a value that breaks it and nothing else. */
interface Wrong {
  path: (string | number)[];
  rule: string;
  value: unknown;
}

const root = z.toJSONSchema(stackSchema, { io: "input", unrepresentable: "any", reused: "inline" }) as Schema;

/** Every rule below a place in the schema. A key of a record is called `name`, an element of a list is the first. */
function wrongs(schema: Schema, path: (string | number)[]): Wrong[] {
  const found: Wrong[] = [];
  const add = (rule: string, value: unknown) => found.push({ path, rule, value });
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (branches.length) {
    add("one of several forms", [["neither"]]);
    for (const branch of branches.filter(({ properties }) => properties)) found.push(...inside(branch, path));
    return found;
  }
  if (schema.enum || schema.const !== undefined) add("allowed value", "no such value");
  else if (schema.type === "string") {
    if (path.length > 1) add("type", 7);
    if (schema.pattern) add(`pattern ${schema.pattern}`, "~ ~");
    if (schema.format) add(`format ${schema.format}`, "~ ~");
    if (schema.minLength) add("shortest", "");
    if (schema.maxLength && !schema.pattern) add("longest", "a".repeat(schema.maxLength + 1));
  } else if (schema.type === "integer" || schema.type === "number") {
    add("type", "many");
    add("whole number", 1.5);
    if (schema.minimum !== undefined && schema.minimum > Number.MIN_SAFE_INTEGER)
      add(`at least ${schema.minimum}`, schema.minimum - 1);
    if (schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER)
      add(`at most ${schema.maximum}`, schema.maximum + 1);
  } else if (schema.type === "boolean") add("type", "perhaps");
  else if (schema.type === "array") {
    add("type", "one");
    if (schema.minItems) add("fewest", []);
    if (schema.items) found.push(...wrongs(schema.items, [...path, 0]));
  } else if (schema.type === "object") {
    if (path.length) add("type", "text");
    found.push(...inside(schema, path));
  }
  for (const part of schema.allOf ?? []) found.push(...wrongs(part, path));
  return found;
}

function inside(schema: Schema, path: (string | number)[]): Wrong[] {
  const found = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => wrongs(inner, [...path, key]));
  if (schema.additionalProperties === false && path.length)
    found.push({ path: [...path, "nosuchkey"], rule: "known key", value: 1 });
  if (typeof schema.additionalProperties === "object")
    found.push(...wrongs(schema.additionalProperties, [...path, "name"]));
  for (const key of schema.required ?? []) found.push({ path: [...path, key], rule: "required", value: undefined });
  return found;
}

/** A configuration with one value at a path, and around it only what the path needs. */
function configuration({ path, value }: Wrong): Record<string, string> {
  const [key = "", ...rest] = path as [string, ...(string | number)[]];
  let content: unknown = value;
  for (const part of [...rest].reverse())
    content = typeof part === "number" ? [content] : content === undefined ? {} : { [part]: content };
  const config: Record<string, unknown> = {
    "keelson:system": "codelab",
    "keelson:environment": "prod",
    [`keelson:${key}`]: content,
  };
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, one]) => one !== undefined)
      .map(([name, one]) => [name, typeof one === "string" ? one : JSON.stringify(one)]),
  );
}

describe("a wrong stack file for every rule of the schema", () => {
  const all = wrongs(root, []);

  it("are more than two hundred", () => assert.ok(all.length > 200, String(all.length)));

  it("bound every number that an object gets, and not those that only tell one from the next", () => {
    const bounded = new Set(all.filter(({ rule }) => rule.startsWith("at most")).map(({ path }) => path.join(".")));
    const numbers = all.filter(({ rule }) => rule === "whole number").map(({ path }) => path.join("."));
    assert.deepEqual(numbers.filter((path) => !bounded.has(path)).sort(), [
      "data.name.rotation",
      "releases.name.blue.check",
      "releases.name.green.check",
      "rotation.name",
    ]);
  });

  for (const wrong of all) {
    it(`${wrong.path.join(".")}: ${wrong.rule}`, () => {
      const { problems } = readSettings(configuration(wrong));
      const text = JSON.stringify(problems);
      assert.ok(problems.length > 0, "accepted");
      // A value of several forms may be told about at a place inside, or as a whole where nobody knows which was meant.
      const place = wrong.path.join(".");
      const told = problems.some(
        ({ path, fix }) =>
          path.join(".").startsWith(place) || (place.startsWith(path.join(".")) && fix.includes(" | ")),
      );
      assert.ok(told, text);
      for (const { message, fix } of problems)
        assert.ok(message.length > 3 && fix.length > 3 && !fix.includes("undefined"), text);
    });
  }
});
