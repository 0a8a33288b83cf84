import { isDeepStrictEqual } from "node:util";
import type { Change, Report, StackReport } from "../report/model.ts";

/** What was approved for a stack. */
export interface Approved {
  /** Digest of the changes. */
  readonly digest: string;
  /** The changes themselves, where a report was approved. */
  readonly list?: readonly Change[];
}

/**
 * What a report approves for one stack.
 * @returns why it approves nothing, as text
 */
export function approvedBy(report: Report, stack: string): Approved | string {
  const told = report.stacks.find((one) => one.stack === stack);
  if (!told) return `the approved report tells of ${report.stacks.map((one) => one.stack).join(", ")}, not of ${stack}`;
  if (told.operation !== "preview") return "the approved report tells of an update that was made, not of a preview";
  if (told.verdict === "policy") return "the approved report says itself that mandatory rules are broken";
  if (told.verdict === "failed")
    return "the approved report is of a preview that failed, so it does not tell everything";
  return told.changes;
}

/** How the changes of now differ from those that were approved, one line each; none where they are the same. */
export function differences(approved: Approved, { changes }: StackReport): string[] {
  if (approved.digest === changes.digest) return [];
  if (!approved.list)
    return [`${changes.digest} is planned, ${approved.digest} was approved`, ...changes.list.map(line)];
  const before = new Map(approved.list.map((change) => [change.urn, change]));
  const now = new Map(changes.list.map((change) => [change.urn, change]));
  const found = [
    ...changes.list.flatMap((change) => {
      const was = before.get(change.urn);
      if (!was) return [`not approved: ${line(change)}`];
      if (was.operation !== change.operation) return [`${line(change)}; approved was: ${was.operation}`];
      if (isDeepStrictEqual(was.fields, change.fields) && was.cut === change.cut) return [];
      return [`${line(change)}, other than approved in ${otherFields(was, change).join(", ") || "its fields"}`];
    }),
    ...approved.list.flatMap((change) => (now.has(change.urn) ? [] : [`no longer planned: ${line(change)}`])),
  ];
  return found.length > 0 ? found : ["the same objects change, with other values than were approved"];
}

function otherFields(before: Change, now: Change): string[] {
  const paths = [...new Set([...before.fields, ...now.fields].map(({ path }) => path))];
  const at = (change: Change, path: string) => change.fields.find((field) => field.path === path);
  return paths.filter((path) => !isDeepStrictEqual(at(before, path), at(now, path)));
}

function line({ operation, kind, namespace, name }: Change): string {
  return `${operation} ${kind} ${namespace ? `${namespace}/` : ""}${name}`;
}
