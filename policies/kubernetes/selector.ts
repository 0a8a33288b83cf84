import type { Field } from "./field.ts";

/** Labels by key. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Whether a label selector (`matchLabels`, `matchExpressions`) matches labels. An empty one matches everything; what an
 * absent one means differs from field to field, so ask before.
 * @throws NotKnown
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
 */
export function selects(selector: Field, labels: Labels): boolean {
  return (
    Object.entries(selector.at("matchLabels").texts).every(([key, value]) => labels[key] === value) &&
    selector.at("matchExpressions").list.every((expression) => matchesExpression(expression, labels))
  );
}

/**
 * Whether a plain map of labels, as a Service has it, matches labels. An empty one matches nothing.
 * @throws NotKnown
 */
export function selectsPlainly(selector: Field, labels: Labels): boolean {
  const wanted = Object.entries(selector.texts);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/**
 * Whether a label selector has no condition at all, so that it selects everything.
 * @throws NotKnown
 */
export function isEmptySelector(selector: Field): boolean {
  return selector.at("matchLabels").entries.length === 0 && selector.at("matchExpressions").list.length === 0;
}

function matchesExpression(expression: Field, labels: Labels): boolean {
  const key = expression.at("key").string ?? "";
  const values = expression.at("values").strings;
  const value = labels[key];
  switch (expression.at("operator").string) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
