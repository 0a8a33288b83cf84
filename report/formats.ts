import { reportJunit } from "./junit.ts";
import { markdown, summaryBudget } from "./markdown/document.ts";
import type { Report } from "./model.ts";
import { reportSarif } from "./sarif.ts";

/** What a report can be written as: the name of its file, and how. */
export const formats = {
  markdown: { file: "comment.md", write: (report: Report) => markdown(report) },
  summary: { file: "summary.md", write: (report: Report) => markdown(report, summaryBudget) },
  json: { file: "report.json", write: json },
  sarif: { file: "report.sarif", write: (report: Report) => json(reportSarif(report)) },
  junit: { file: "junit.xml", write: reportJunit },
} as const;

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
