import { compared } from "./findings.ts";
import { type Alarm, type Report, type StackReport, verdicts } from "./model.ts";

/**
 * Reports of stacks as one.
 * @param base the base branch's, against which violations are new, existing or fixed
 */
export function reportOf(
  stacks: readonly StackReport[],
  context: Omit<Report["context"], "base"> = {},
  base?: readonly StackReport[],
): Report {
  const told = stacks
    .map((one) => {
      const before = base?.find(({ stack }) => stack === one.stack);
      if (!before) return one;
      const { findings, fixed } = compared(one.findings, before.findings, before.verdict !== "failed");
      // A run that failed has not seen everything: what it has not found may still be there.
      return { ...one, findings, fixed: one.verdict === "failed" ? [] : fixed };
    })
    .sort((a, b) => (a.stack < b.stack ? -1 : 1));
  return {
    version: 1,
    verdict: verdicts.findLast((verdict) => told.some((one) => one.verdict === verdict)) ?? "failed",
    labels: labelsOf(told),
    context: { ...context, base: base !== undefined },
    stacks: told,
  };
}

const byAlarm: Readonly<Partial<Record<Alarm["kind"], Report["labels"][number]>>> = {
  data: "destructive",
  protected: "destructive",
  namespace: "destructive",
  definition: "destructive",
  deletion: "destructive",
  exposure: "exposure",
  network: "exposure",
  permission: "permissions",
};

function labelsOf(stacks: readonly StackReport[]): Report["labels"] {
  const found = stacks.flatMap(({ verdict, alarms }) => [
    ...(verdict === "clean" ? [] : [verdict]),
    ...alarms.flatMap(({ kind }) => byAlarm[kind] ?? []),
  ]);
  return [...new Set(found)].sort();
}
