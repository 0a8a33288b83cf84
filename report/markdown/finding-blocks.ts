import { rules } from "../../policies/rules.ts";
import type { Finding, Report } from "../model.ts";
import { block, code, folded, link, prose } from "./inert.ts";
import { counted } from "./numbers.ts";

/** Days before its end at which a waiver is said to expire. */
const soon = 30;

/** Broken rules, a block each: the rule, where, and what to write. */
export function findingBlocks(findings: readonly Finding[], context: Report["context"]): string[] {
  const byRule = Map.groupBy(findings, ({ pack, rule, level }) => JSON.stringify([pack, rule, level]));
  return [...byRule.values()].flatMap((all) => {
    const [first] = all;
    if (!first) return [];
    const sign = first.level === "mandatory" ? "❌" : "💡";
    const head = `${sign} **${ruleName(first, context)}** (${first.severity}): ${prose(first.title)}.`;
    const places = all
      .slice(0, 25)
      .map((one) => `- ${place(one)}${one.since === undefined ? "" : sinceWords[one.since]}`);
    if (all.length > 25) places.push(`- and ${all.length - 25} more places`);
    const remedies = [...new Set(all.flatMap(({ remedy }) => remedy ?? []))];
    return [
      [
        head,
        places.join("\n"),
        ...(remedies.length > 0
          ? [
              folded(
                remedies.length === 1 ? "Remedy" : "Remedies",
                remedies
                  .slice(0, 5)
                  .map((one) => block(one, "yaml"))
                  .join("\n\n"),
              ),
            ]
          : []),
      ].join("\n\n"),
    ];
  });
}

const sinceWords = { new: " · **new**", existing: " · there before" };

/** Findings in few words, one rule a line. */
export function findingLines(findings: readonly Finding[], context: Report["context"]): string[] {
  const byRule = Map.groupBy(findings, ({ pack, rule }) => JSON.stringify([pack, rule]));
  return [...byRule.values()].flatMap((all) => {
    const [first] = all;
    if (!first) return [];
    const fresh = all.filter(({ since }) => since === "new").length;
    const objects = [...new Set(all.map(({ object }) => object))].filter(Boolean);
    const shown = objects
      .slice(0, 8)
      .map((object) => code(object))
      .join(", ");
    const more = objects.length > 8 ? ` and ${objects.length - 8} more` : "";
    return [
      `- ${ruleName(first, context)} (${first.severity}), ${counted(all.length, "place")}${fresh > 0 ? `, ${fresh} **new**` : ""}: ${shown}${more}`,
    ];
  });
}

/** Waived findings as rows of a table: who allows what until when. */
export function waiverRows(findings: readonly Finding[], begun: string | undefined): string[] {
  const rows = findings.flatMap((one) => {
    if (!one.waiver) return [];
    const { expires, owner, reason } = one.waiver;
    const days = begun === undefined ? undefined : daysBetween(begun, expires);
    const note = days !== undefined && days <= soon ? ` ⏳ **in ${counted(days, "day")}**` : "";
    return [
      `| ${code(one.rule, { inTable: true })} | ${code(`${one.object}${one.container ? `, ${one.container}` : ""}`, { inTable: true })} | ${code(expires, { inTable: true })}${note} | ${code(owner, { inTable: true })} | ${code(reason, { inTable: true })} |`,
    ];
  });
  return [...new Set(rows)];
}

/** Whether a waiver soon counts no more, so that its rule would stop the deployment. */
export function expiresSoon({ waiver }: Finding, begun: string | undefined): boolean {
  const days = begun === undefined || !waiver ? undefined : daysBetween(begun, waiver.expires);
  return days !== undefined && days <= soon;
}

function daysBetween(begun: string, expires: string): number | undefined {
  const days = Math.ceil((Date.parse(`${expires.slice(0, 10)}T23:59:59Z`) - Date.parse(begun)) / 86_400_000);
  return Number.isNaN(days) ? undefined : Math.max(0, days - 1);
}

function place({ object, container, problem }: Finding): string {
  const where = [
    object === "" ? "the stack" : code(object),
    ...(container === undefined ? [] : [`container ${code(container)}`]),
  ];
  return `${where.join(", ")}: ${prose(problem)}`;
}

/** A rule's name, linked to what the pack's documentation says of it where it is one of ours. */
function ruleName({ rule, pack }: Finding, { repository, commit }: Report["context"]): string {
  const isOurs = pack === "keelson" && rules.some(({ id }) => id === rule);
  const page = `${repository?.replace(/\/$/, "")}/blob/${commit ?? "HEAD"}/policies/README.md#${rule}`;
  return isOurs && repository !== undefined ? link(code(rule), page) : code(rule);
}
