import { createHash } from "node:crypto";
import { rules as ourRules } from "../policies/rules.ts";
import { sarifRules } from "../policies/sarif.ts";
import type { Finding, Report, StackReport } from "./model.ts";

/** As code scanning takes at most, in one file and for one run. */
const mostRuns = 20;
const mostResults = 25_000;

/**
 * Findings as SARIF 2.1.0, a run for each stack. They point to the stack's file: the engine does not tell where in a program a
 * resource is made.
 */
export function reportSarif({ stacks }: Report): unknown {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: stacks.slice(0, mostRuns).map(run),
  };
}

function run({ stack, findings, messages, verdict }: StackReport): unknown {
  const used = new Set(findings.map(({ rule }) => rule));
  const ours = sarifRules(ourRules.filter(({ id }) => used.has(id)));
  const others = [...used].filter((id) => !ours.some((one) => one.id === id)).map((id) => ({ id }));
  const rules = [...ours, ...others];
  return {
    automationDetails: { id: `keelson/${stack}/` },
    tool: { driver: { name: "keelson", rules } },
    invocations: [
      {
        executionSuccessful: verdict !== "failed",
        toolExecutionNotifications: messages.map(({ severity, message }) => ({
          level: severity,
          message: { text: message },
        })),
      },
    ],
    results: findings.slice(0, mostResults).map((finding) => ({
      ruleId: finding.rule,
      ruleIndex: rules.findIndex(({ id }) => id === finding.rule),
      level: finding.verdict !== "broken" ? "note" : finding.level === "mandatory" ? "error" : "warning",
      message: { text: sentence(finding) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: `Pulumi.${encodeURIComponent(stack)}.yaml` },
            region: { startLine: 1 },
          },
          logicalLocations: [
            { name: finding.object, fullyQualifiedName: finding.urn ?? finding.object, kind: "resource" },
          ],
        },
      ],
      partialFingerprints: {
        "keelson/v1": createHash("sha256")
          .update([finding.rule, finding.urn ?? "", finding.fingerprint].join("\0"))
          .digest("hex"),
      },
      ...(finding.since ? { baselineState: finding.since === "new" ? "new" : "unchanged" } : {}),
      ...(finding.waiver ? { suppressions: [{ kind: "external", justification: finding.waiver.reason }] } : {}),
    })),
  };
}

/** Object, container and what is wrong, in a line. */
export function sentence({ object, container, problem }: Finding): string {
  const place = [object, ...(container === undefined ? [] : [`container ${container}`])].filter(Boolean).join(", ");
  return `${place}${place ? ": " : ""}${problem}.`;
}
