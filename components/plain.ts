import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { assertNoProblems, checkModel, type Together } from "./model/problems.ts";
import type { Problem } from "./model/system.ts";

/** Whether a value comes later: an Output or a promise. */
export function isDeferred(value: unknown): value is pulumi.Output<unknown> | Promise<unknown> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** Whether a value and all that is in it are known at preview. */
export function isKnown(value: unknown): boolean {
  return deferredPaths(value).length === 0;
}

/** What to say about an Output where a plain value is needed. */
export function deferredProblem(path: (string | number)[], fix = "give a plain value"): Problem {
  return { path, message: "is an Output; must be known at preview", fix };
}

/** Stands for an Output while the rest is checked. Only where one is taken it fits. */
export const later = Symbol("an Output");

/** Everything that is wrong with arguments; an Output where none is taken is named as one, and nothing else is said of it. */
export function problemsOfArgs<T extends z.ZodType>(
  schema: T,
  value: unknown,
  together: Together<z.output<T>> = {},
): Problem[] {
  const { problems } = checkModel(schema, withoutDeferred(value), together);
  const refused = deferredPaths(value).filter((path) => problems.some((problem) => begins(path, problem.path)));
  // What else is said of an Output, of what is in it or of what it is in, follows from its being one.
  const elsewhere = problems.filter(({ path }) => !refused.some((one) => begins(one, path) || begins(path, one)));
  return [...refused.map((path) => deferredProblem(path)), ...elsewhere];
}

/**
 * Arguments as a schema reads them, with their defaults; throws one error with all problems, as `parseModel` does. What objects
 * look like follows from them, so that an Output is refused by its name wherever the schema does not say `input`.
 */
export function parseArgs<T extends z.ZodType>(
  schema: T,
  value: unknown,
  what: string,
  together: Together<z.output<T>> = {},
): z.output<T> {
  assertNoProblems(problemsOfArgs(schema, value, together), what);
  return schema.parse(value);
}

function begins(start: (string | number)[], path: (string | number)[]): boolean {
  return start.every((part, at) => part === path[at]);
}

/** Where Outputs are in plain arguments. What is of a class is no plain argument. */
function deferredPaths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (isDeferred(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => deferredPaths(item, [...path, index]));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => deferredPaths(inner, [...path, key]));
}

/** The same with a mark in place of Outputs, which a schema would take for objects. */
function withoutDeferred(value: unknown): unknown {
  if (isDeferred(value)) return later;
  if (Array.isArray(value)) return value.map(withoutDeferred);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutDeferred(inner)]));
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
