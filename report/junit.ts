import { visible } from "./inert-text.ts";
import { errorsOf, type Finding, type Report, type StackReport } from "./model.ts";
import { sentence } from "./sarif.ts";

/** A report as JUnit's XML, for systems that show tests: a suite for each stack, a case for the run and for each rule. */
export function reportJunit({ stacks }: Report): string {
  const suites = stacks.map(suite);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="keelson">\n${suites.join("\n")}\n</testsuites>\n`;
}

function suite(stack: StackReport): string {
  const { findings, packs, verdict } = stack;
  const byRule = Map.groupBy(findings, ({ rule }) => rule);
  const ids = [
    ...new Set([
      ...packs.flatMap(({ judged }) => judged),
      ...packs.flatMap(({ missing }) => missing),
      ...byRule.keys(),
    ]),
  ].sort();
  const missing = new Set(packs.flatMap((pack) => pack.missing));
  const run =
    verdict === "failed" ? `<error message="The run failed">${text(errorsOf(stack).join("\n\n"))}</error>` : "";
  const cases = ids.map((id) => ({
    id,
    body: missing.has(id) ? `<error message="The rule did not judge"/>` : ruleBody(byRule.get(id) ?? []),
  }));
  const number = (tag: string) =>
    [run, ...cases.map(({ body }) => body)].filter((body) => body.startsWith(`<${tag}`)).length;
  return [
    `  <testsuite name=${attribute(stack.stack)} tests="${cases.length + 1}" failures="${number("failure")}" errors="${number("error")}" skipped="${number("skipped")}" time="${stack.durationSeconds ?? 0}"${stack.begun ? ` timestamp=${attribute(stack.begun)}` : ""}>`,
    `    <testcase classname=${attribute(stack.stack)} name=${attribute(stack.operation)}>${run}</testcase>`,
    ...cases.map(
      ({ id, body }) =>
        `    <testcase classname=${attribute(`${stack.stack}.rules`)} name=${attribute(id)}>${body}</testcase>`,
    ),
    "  </testsuite>",
  ].join("\n");
}

/** Only a mandatory rule fails its case; advice, waivers and what could not be judged are told beside it. */
function ruleBody(findings: readonly Finding[]): string {
  const broken = findings.filter(({ level, verdict }) => level === "mandatory" && verdict === "broken");
  const lines = (some: readonly Finding[]) => text(some.map(sentence).join("\n"));
  const [first] = broken;
  if (first)
    return `<failure message=${attribute(first.title)} type=${attribute(first.severity)}>${lines(broken)}</failure>`;
  if (findings.some(({ verdict }) => verdict === "cannot tell")) return `<skipped message="Not judged yet"/>`;
  return findings.length > 0 ? `<system-out>${lines(findings)}</system-out>` : "";
}

function attribute(value: string): string {
  return `"${escaped(visible(value))}"`;
}

function text(value: string): string {
  return escaped(visible(value, "lines"));
}

function escaped(value: string): string {
  return value.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
