/** One part of docs/benchmarks.md. */
export interface Section {
  title: string;
  /** What was compared, and how. */
  method: string;
  /** Left out where nothing was measured. */
  table?: Table;
  /** What the figures say, aims included. */
  findings: string[];
}

export interface Table {
  head: string[];
  rows: string[][];
}

/** Where and with what the figures were made. */
export interface Circumstances {
  date: string;
  cores: number;
  memoryGiB: number;
  node: string;
  engine: string;
  plugins: string;
  charts: string;
  runs: number;
  /** Average load of the machine in the last minute, before and after; the benchmark's own work is part of the second. */
  load: { before: number; after: number };
}

/** A Markdown table. */
export function markdownTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A section as Markdown. */
export function markdownSection({ title, method, table, findings }: Section): string {
  const list = findings.map((finding) => `- ${finding}`).join("\n");
  return [`## ${title}`, method, table ? markdownTable(table) : "", list].filter(Boolean).join("\n\n");
}

/** The whole of docs/benchmarks.md. */
export function markdownReport(about: Circumstances, sections: readonly Section[]): string {
  const { load } = about;
  const intro = `# Benchmarks

Written by \`npm run bench\` on ${about.date}. Ratios within one run say more than seconds, which are those of one machine: ${about.cores} cores,
${about.memoryGiB} GiB, Node ${about.node}, Pulumi ${about.engine} with ${about.plugins}, ${about.charts}, one sandbox (all on
loopback, the engine's debug log off, see below). Every side of a comparison is measured in turn with the others (A B A B), after a warm-up; shown is the median of ${about.runs}
run${about.runs === 1 ? "" : "s"}, the least and the most in parentheses, and ratios are medians of the ratios of neighbouring runs. The machine's load was
${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after${
    load.before > about.cores / 2
      ? ": it had other work at the same time, so seconds are too high, and ratios less sure"
      : ""
  }.`;
  return `${[intro, ...sections.map(markdownSection)].join("\n\n")}\n`;
}

/** Whether an aim was met, in the words of the report. */
export function verdict(met: boolean): string {
  return met ? "**met**" : "**missed**";
}
