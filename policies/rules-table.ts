import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { environments, type Rule } from "./rule.ts";
import { rules } from "./rules.ts";

const readme = fileURLToPath(new URL("README.md", import.meta.url));
const [begin, end] = ["<!-- rules:begin, written by `node rules-table.ts` -->", "<!-- rules:end -->"];

/** The rules as Markdown: a table of them all, then what, why, remedy, options and sources of each. */
export function rulesAsMarkdown(all: readonly Rule[]): string {
  const rows = all.map(({ id, severity, levels, title }) => [
    `[${id}](#${id})`,
    severity,
    ...environments.map((environment) => levels[environment]),
    title,
  ]);
  return [table(["rule", "severity", ...environments, "what holds"], rows), ...all.map(section)].join("\n\n");
}

/** A README in which the part between the marks is the rules as they are now. */
export function withCurrentRules(text: string): string {
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md lacks the marks ${begin} and ${end}`);
  return `${before}${begin}\n\n${rulesAsMarkdown(rules)}\n\n${end}${after}`;
}

/** A Markdown table as the formatter wants it, its columns padded. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = [head, widths.map((width) => "-".repeat(width)), ...rows];
  return lines
    .map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`)
    .join("\n");
}

function section({ id, what, why, remedy, options = {}, sources }: Rule): string {
  const described = Object.entries(options).map(([name, { description, enum: values, default: standard }]) => {
    const allowed = values ? ` One of ${values.map((value) => `\`${value}\``).join(", ")};` : "";
    return `- Option \`${name}\`: ${description}${allowed} default \`${standard}\`.`;
  });
  const list = [...described, `- Sources: ${sources.join(" · ")}`];
  return [`### ${id}`, `${what} ${why}`, `\`\`\`yaml\n${remedy}\n\`\`\``, list.join("\n")].join("\n\n");
}

if (import.meta.main) writeFileSync(readme, withCurrentRules(readFileSync(readme, "utf8")));
