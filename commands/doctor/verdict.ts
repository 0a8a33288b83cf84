/** What one look at something came to. */
export const verdicts = ["ok", "warning", "failed", "cannot tell"] as const;

/** One line of the doctor's: what was looked at, what came of it, and what to do. */
export interface Finding {
  check: string;
  verdict: (typeof verdicts)[number];
  message: string;
  /** What to do about it; for everything but ok. */
  todo?: string;
}

/** One finding for each of many things that are looked at together: all well in one line, or a line for each that is not. */
export function together(check: string, well: string, bad: Omit<Finding, "check">[]): Finding[] {
  return bad.length ? bad.map((one) => ({ check, ...one })) : [{ check, verdict: "ok", message: well }];
}

/** 0 where nothing is wrong, 1 with warnings, 2 where something failed. What cannot be told is no reason to stop. */
export function exitStatus(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ verdict }) => verdict === "failed")) return 2;
  return findings.some(({ verdict }) => verdict === "warning") ? 1 : 0;
}

/** A finding as people read it. */
export function line({ check, verdict, message, todo }: Finding): string {
  return `${verdict.padEnd(12)}${check.padEnd(18)}${message}${todo ? `; ${todo}` : ""}`;
}

/** Some names as text; not all where they are many. */
export function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** What may not be looked at. */
export function unseen(check: string): Finding[] {
  return [
    {
      check,
      verdict: "cannot tell",
      message: "may not be listed, or are of a kind that the cluster does not have",
      todo: "ask as somebody who may",
    },
  ];
}
