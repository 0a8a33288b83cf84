import { createHash } from "node:crypto";
import { nameOf, sentence } from "./message.ts";
import type { Rule, Severity } from "./rule.ts";
import type { Judgement } from "./session.ts";
import type { Waiver } from "./waivers.ts";

/** Who allows a finding, why and for how long. */
function justificationOf({ reason, owner, expires }: Waiver): string {
  return `${reason} (${owner}, until ${expires})`;
}

/** How severe code scanning takes a rule to be. */
const scores: Readonly<Record<Severity, string>> = { critical: "9.0", high: "7.0", medium: "5.0", low: "3.0" };

/** Rules as SARIF 2.1.0 describes them. */
export function sarifRules(rules: readonly Rule[]): { id: string }[] {
  return rules.map(({ id, title, what, why, remedy, severity }) => ({
    id,
    shortDescription: { text: title },
    fullDescription: { text: `${what} ${why}` },
    help: { text: remedy, markdown: `\`\`\`yaml\n${remedy}\n\`\`\`` },
    properties: { "security-severity": scores[severity], tags: ["kubernetes"] },
  }));
}

/** Judgements as SARIF 2.1.0, as code scanning reads it. */
export function sarif(rules: readonly Rule[], judgements: readonly Judgement[]): unknown {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "keelson", rules: sarifRules(rules) } },
        results: judgements.map(({ rule, level, finding, waiver }) => ({
          ruleId: rule.id,
          ruleIndex: rules.indexOf(rule),
          level: finding.verdict === "cannot tell" ? "note" : level === "mandatory" ? "error" : "warning",
          message: { text: sentence(finding) },
          locations: [
            { physicalLocation: { artifactLocation: { uri: finding.object.file ?? "-" }, region: { startLine: 1 } } },
          ],
          partialFingerprints: {
            "keelson/v1": createHash("sha256")
              .update([rule.id, nameOf(finding.object), finding.container, finding.path].join("\0"))
              .digest("hex"),
          },
          ...(waiver ? { suppressions: [{ kind: "external", justification: justificationOf(waiver) }] } : {}),
        })),
      },
    ],
  };
}
