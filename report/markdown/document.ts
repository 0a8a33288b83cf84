import type { Alarm, Report, StackReport, Verdict } from "../model.ts";
import { alarmDetails, alarmLines } from "./alarm-lines.ts";
import { fitted, type Part } from "./budget.ts";
import { changeBlocks } from "./change-blocks.ts";
import { expiresSoon, findingBlocks, findingLines, waiverRows } from "./finding-blocks.ts";
import { changeGraph } from "./graph.ts";
import { block, code, folded, link, prose, sizeOf } from "./inert.ts";
import { bytes, capacityCells, counted, duration } from "./numbers.ts";

/** The first line of every comment: whoever posts it finds it again by this. */
export const marker = "<!-- keelson:report v1 -->";
/** What a comment on GitHub may have. */
export const commentBudget = 65_536;
/** What a step summary may have. */
export const summaryBudget = 1024 * 1024;

const signs: Readonly<Record<Verdict, string>> = { clean: "✅", policy: "❌", failed: "💥" };

/**
 * A report as Markdown for GitHub and GitLab, in at most so many bytes. What is least needed is left out first, and it is said
 * how much; alarms never are.
 */
export function markdown(report: Report, budget: number = commentBudget): string {
  const fixed = [marker, heading(report), subline(report), stackTable(report), capacityTable(report)].filter(Boolean);
  const failures = report.stacks.map((stack) => failurePart(stack, report)).filter((part) => part.items.length > 0);
  const optional = report.stacks.flatMap((stack) => stackParts(stack, report, budget));
  const last: Part = { priority: 2, head: "", items: [reproduce(report)], without: () => "" };
  // Everything beside the alarms at its smallest; what is left is theirs, in the fullest form that fits.
  const parts = (alarms: Part[]): Part[] => [
    ...fixed.map((head) => ({ head, items: [] })),
    ...failures,
    ...alarms,
    ...optional,
    last,
  ];
  const smallest = sizeOf(fitted(parts([]), 0));
  const forms = alarmDetails.map((detail) => alarmParts(report, (alarms) => alarmLines(alarms, detail)));
  const fitting = forms.find((form) => smallest + sizeOf(fitted(form, 0)) <= budget);
  return fitted(parts(fitting ?? alarmParts(report, tooMany)), budget);
}

function tooMany(alarms: readonly Alarm[]): string {
  return `- **${counted(alarms.length, "alarm")} are more than fit here. Read the full report before you approve.**`;
}

function heading({ verdict, stacks }: Report): string {
  const changing = stacks.filter(({ changes }) => changes.list.length > 0).length;
  const alarms = stacks.reduce((sum, stack) => sum + stack.alarms.length, 0);
  const broken = stacks.flatMap(mandatory).length;
  const failed = stacks.filter((stack) => stack.verdict === "failed").length;
  const all = stacks.flatMap(({ changes }) => changes.list).length;
  const made = stacks.every(({ operation }) => operation === "update");
  const words = {
    clean: changing === 0 ? "No change" : `${counted(all, "change")}${made ? " made" : ", no rule in the way"}`,
    policy: `${counted(broken, "violation")} of mandatory rules`,
    failed: stacks.length === 1 ? "The run failed" : `${counted(failed, "stack")} failed`,
  };
  const also = alarms > 0 ? `, ${counted(alarms, "alarm")} to look at` : "";
  return `## ${verdict === "clean" && alarms > 0 ? "⚠️" : signs[verdict]} ${words[verdict]}${also}`;
}

function mandatory({ findings }: StackReport): StackReport["findings"] {
  return findings.filter(({ level, verdict }) => level === "mandatory" && verdict === "broken");
}

function subline({ context, stacks }: Report): string {
  const { commit, repository, run } = context;
  const [first] = stacks;
  const tools = new Set(
    stacks.flatMap((stack) => [
      ...Object.entries(stack.tools).map(([name, version]) => `${name} ${version}`),
      ...stack.packs.map(({ name, version }) => `pack ${name} ${version}`),
    ]),
  );
  const seconds = stacks.reduce((sum, { durationSeconds = 0 }) => sum + durationSeconds, 0);
  const short = commit && code(commit.slice(0, 12));
  return [
    ...(short ? [`commit ${commit && repository ? link(short, `${repository}/commit/${commit}`) : short}`] : []),
    ...(first?.begun ? [`${first.operation === "update" ? "updated" : "previewed"} ${code(first.begun)}`] : []),
    ...(seconds > 0 ? [duration(seconds)] : []),
    ...[...tools].map((tool) => code(tool)),
    ...(run ? [link("run", run)] : []),
  ].join(" · ");
}

function stackTable({ stacks, context }: Report): string {
  const head = ["Stack", "Create", "Update", "Replace", "Delete", "Same", "Mandatory", "Advice", "Waived", "Unjudged"];
  if (context.base) head.push("New", "Fixed");
  const rows = stacks.map((stack) => {
    const { counts, findings, verdict } = stack;
    const number = (count: number, bold = false) => (count === 0 ? "·" : bold ? `**${count}**` : String(count));
    const broken = findings.filter((one) => one.verdict === "broken");
    return [
      `${signs[verdict]} ${code(stack.stack, { inTable: true })}`,
      number(counts.create),
      number(counts.update),
      number(counts.replace, true),
      number(counts.delete, true),
      number(counts.same),
      number(mandatory(stack).length, true),
      number(broken.filter(({ level }) => level === "advisory").length),
      number(findings.filter((one) => one.verdict === "waived").length),
      number(findings.filter((one) => one.verdict === "cannot tell").length),
      ...(context.base
        ? [number(broken.filter(({ since }) => since === "new").length, true), number(stack.fixed.length)]
        : []),
    ];
  });
  return table(head, rows);
}

/** Only for stacks whose run was complete and whose requests change: else the difference would be one of what was seen. */
function capacityTable({ stacks }: Report): string {
  const rows = stacks
    .filter(
      ({ verdict, capacity: { before, after } }) =>
        verdict !== "failed" && JSON.stringify(before) !== JSON.stringify(after),
    )
    .map(({ stack, capacity: { before, after } }) => [code(stack, { inTable: true }), ...capacityCells(before, after)]);
  return rows.length === 0 ? "" : table(["Requests", "CPU", "Memory", "Storage", "Pods"], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** `of stack x`, where there are several. */
function of(stack: StackReport, { stacks }: Report): string {
  return stacks.length > 1 ? ` · ${code(stack.stack)}` : "";
}

function failurePart(stack: StackReport, report: Report): Part {
  const errors = stack.messages.filter(({ severity }) => severity === "error");
  return {
    priority: 0,
    head: `### 💥 What failed${of(stack, report)}`,
    items: errors.map(({ message, object }) => [...(object ? [`${code(object)}:`] : []), block(message)].join("\n\n")),
    without: (more) => `_${counted(more, "more error")} in the full report._`,
  };
}

function alarmParts(report: Report, lines: (alarms: readonly Alarm[]) => string): Part[] {
  return report.stacks
    .filter(({ alarms }) => alarms.length > 0)
    .map((stack) => ({
      head: `### ⚠️ ${stack.operation === "update" ? "What stands out" : "Look at this before you approve"}${of(stack, report)}`,
      items: [lines(stack.alarms)],
    }));
}

function stackParts(stack: StackReport, report: Report, budget: number): Part[] {
  const { findings, fixed, blindSpots, changes, messages, begun } = stack;
  const { context } = report;
  const broken = findings.filter(({ verdict }) => verdict === "broken");
  const waived = findings.filter(({ verdict }) => verdict === "waived");
  const advice = broken.filter(({ level }) => level === "advisory");
  const here = of(stack, report);
  const graph = changeGraph(stack);
  const warnings = messages.filter(({ severity }) => severity === "warning");
  const soon = waived.filter((one) => expiresSoon(one, begun)).length;
  const full = "in the full report";
  const parts: Part[] = [
    {
      priority: 1,
      head: `### ❌ Mandatory rules that are broken${here}`,
      items: findingBlocks(
        broken.filter(({ level }) => level === "mandatory"),
        context,
      ),
      without: (more) => `_${counted(more, "more rule")} broken, ${full}._`,
    },
    {
      priority: 3,
      head: `### 🔍 What this run could not see${here}`,
      items: blindSpots.length > 0 ? [blindSpots.map(spotLine).join("\n")] : [],
      without: () => `_${counted(blindSpots.length, "kind")} of things could not be seen: ${full}._`,
    },
    {
      ...foldedPart(
        4,
        `🧾 Waivers: ${counted(waived.length, "finding")}${soon > 0 ? `, ⏳ ${soon} ${soon === 1 ? "ends" : "end"} soon` : ""}${plainOf(stack, report)}`,
        soon > 0,
      ),
      items: waived.length > 0 ? [[...waiverHead, ...waiverRows(waived, begun)].join("\n")] : [],
      without: () => `_${counted(waived.length, "waived finding")} ${full}._`,
    },
    {
      priority: 5,
      head: `### What changes${here}`,
      items: changeBlocks(changes.list, budget),
      without: (more) => `_${counted(more, "more component")} with changes ${full}._`,
    },
    {
      priority: 6,
      head: "",
      items:
        graph === undefined ? [] : [folded(`🗺️ What changes, drawn${plainOf(stack, report)}`, block(graph, "mermaid"))],
      without: () => `_The drawing is ${full}._`,
    },
    {
      ...foldedPart(7, `💡 Advice: ${counted(advice.length, "place")}${plainOf(stack, report)}`),
      items: findingLines(advice, context),
      join: "\n",
      without: (more) => `_${counted(more, "more rule")} ${full}._`,
    },
    {
      ...foldedPart(8, `🎉 Fixed: ${counted(fixed.length, "violation")} of the base branch${plainOf(stack, report)}`),
      items: findingLines(fixed, context),
      join: "\n",
      without: (more) => `_${counted(more, "more rule")} ${full}._`,
    },
    {
      ...foldedPart(9, `💬 Warnings: ${warnings.length}${plainOf(stack, report)}`),
      items: warnings.map(({ message, object }) => `- ${object ? `${code(object)}: ` : ""}${prose(message)}`),
      join: "\n",
      without: (more) => `_${counted(more, "more warning")} ${full}._`,
    },
  ];
  return parts.filter(({ items }) => items.length > 0);
}

const waiverHead = ["| Rule | Object | Until | Owner | Reason |", "| --- | --- | --- | --- | --- |"];

function foldedPart(priority: number, title: string, open = false): Omit<Part, "items"> {
  return { priority, head: `<details${open ? " open" : ""}><summary>${title}</summary>`, foot: "</details>" };
}

/** The same as {@link of} for headings in HTML, in which Markdown is not read. */
function plainOf(stack: StackReport, { stacks }: Report): string {
  return stacks.length > 1 ? ` · ${stack.stack.replaceAll(/[^\w.-]/g, "_")}` : "";
}

function spotLine({ kind, message, places }: StackReport["blindSpots"][number]): string {
  const sign = kind === "pack" || kind === "not-finished" || kind === "chart" ? "⛔ " : "";
  const shown = places
    .slice(0, 10)
    .map((place) => code(place))
    .join(", ");
  return `- ${sign}${prose(message)}${places.length > 0 ? `: ${shown}` : ""}${places.length > 10 ? ` and ${places.length - 10} more` : ""}`;
}

function reproduce({ stacks, context }: Report): string {
  const names = stacks.map(({ stack }) => `--stack ${/^[\w.-]+$/.test(stack) ? stack : "…"}`);
  const commands = [
    ...(context.commit && /^[0-9a-f]{7,64}$/.test(context.commit)
      ? [`git fetch origin ${context.commit} && git checkout ${context.commit} && npm ci`]
      : []),
    `npm run report -- ${names.join(" ")}`,
  ];
  const rows = stacks.map(({ stack, changes, packs, verdict }) => [
    code(stack, { inTable: true }),
    verdict === "failed" ? "none: the run failed" : code(changes.digest, { inTable: true }),
    packs
      .map(
        ({ name, judged, missing }) =>
          `${code(name, { inTable: true })}: ${judged.length} rules judged${missing.length > 0 ? `, **${missing.length} did not**` : ""}`,
      )
      .join(", ") || "none",
  ]);
  return folded(
    "🔁 Reproduce this, and what `up` will be held to".replaceAll("`", ""),
    [block(commands.join("\n"), "sh"), table(["Stack", "Digest of the changes", "Policy pack"], rows)].join("\n\n"),
  );
}

/** What a report comes to, in a line without Markdown: for logs. */
export function oneLine({ verdict, stacks }: Report): string {
  const parts = stacks.map(({ stack, counts, capacity, verdict: own }) => {
    const numbers = (["create", "update", "replace", "delete"] as const).map((name) => `${counts[name]} ${name}`);
    return `${stack}: ${own}, ${numbers.join(", ")}, memory ${bytes(capacity.after.memory)}`;
  });
  return [`${verdict}:`, ...parts].join(" ");
}
