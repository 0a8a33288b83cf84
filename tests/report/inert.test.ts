import assert from "node:assert/strict";
import fc from "fast-check";
import { cut, visible } from "../../report/inert-text.ts";
import { markdown } from "../../report/markdown/document.ts";
import { block, code, htmlCode, link, prose } from "../../report/markdown/inert.ts";
import type { Report } from "../../report/model.ts";
import { reportOf } from "../../report/report.ts";
import { stackReport } from "../../report/stack-report.ts";
import { liveParts, partsOf } from "./markdown-tree.ts";
import { policyEvent, run, urnOf } from "./run.ts";

const pieces = [
  "@octocat",
  "@acme/team",
  "#12",
  "GH-7",
  "acme/shop#3",
  "deadbeefcafe",
  "https://evil.example",
  "www.evil.example",
  "a@evil.example",
  "<img src=x onerror=alert(1)>",
  "</details>",
  "</summary>",
  "<!--",
  "-->",
  "[x](https://evil.example)",
  "![x](//evil.example/y.png)",
  "`",
  "``",
  "```",
  "~~~~",
  "|",
  "\\",
  "\\|",
  "\\`",
  "\n",
  "\r\n",
  "\n\n",
  "\n# ",
  "\n- [ ] ",
  "\n```\n",
  "\n> ",
  "---",
  "$x$",
  "$$",
  "&lt;",
  "&#64;a",
  "*",
  "_",
  "**",
  "[^1]",
  ":tada:",
  "\u202e",
  "\u2066",
  "\u200b",
  "\u0000",
  "\u001b[31m",
  "\ufeff",
  "\ud800",
  "e\u0301\u0301\u0301\u0301\u0301",
  "word",
  "is not set",
  " ",
  "<https://evil.example>",
  "::error::x",
  "%%{init}%%",
  '"]',
  "-->|x|",
];
const hostile = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: "binary", maxLength: 6 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((some) => some.join(""));

/** A run in which everything that a program can name is hostile. */
function hostileReport(text: string): Report {
  const inputs = (value: string) => ({
    apiVersion: "apps/v1",
    kind: `Deployment${text}`,
    metadata: { name: text, namespace: text, annotations: { [text]: value }, labels: { a: `${value}\n${text}` } },
    spec: { replicas: 1, template: { spec: { containers: [{ name: text, image: `${text}:${value}` }] } } },
  });
  const type = "kubernetes:apps/v1:Deployment";
  const chart = urnOf("kubernetes:helm.sh/v4:Chart", text);
  const events = run(
    [
      { type, name: `${text}1`, before: inputs("1"), after: inputs("2"), parent: urnOf("shop:index:Component", text) },
      { type, name: `${text}2`, before: inputs("1"), protect: true, parent: chart },
      {
        type: "kubernetes:apps/v1:StatefulSet",
        name: `${text}3`,
        op: "replace",
        before: inputs("1"),
        after: inputs("2"),
        keys: [text, "spec.x"],
      },
      { type: "kubernetes:core/v1:Namespace", name: text, before: { kind: text, metadata: { name: text } } },
      { type: "kubernetes:helm.sh/v4:Chart", name: text, after: {} },
    ],
    [
      policyEvent(text, { policyName: text, policyPackName: text, resourceUrn: text }),
      policyEvent(`Title ${text}\nDeployment a/b, container ${text}: spec.x is ${text}.\nRemedy:\n  ${text}\n`),
      policyEvent(`T\nWaived until 2026-12-01 by ${text}: ${text}\nDeployment ${text}: x.`, {
        enforcementLevel: "advisory",
      }),
      policyEvent(`T\nCannot tell yet. Deployment ${text}: ${text}. It will be judged when it is: later.`),
      { diagnosticEvent: { severity: "warning", message: text, urn: urnOf(type, `${text}1`) } },
      { diagnosticEvent: { severity: "error", message: `error: ${text}` } },
      { errorEvent: { error: text } },
      { runEvent: { operation: "preview", tools: { [text]: text }, ended: "by itself" } },
    ],
  );
  const report = reportOf([stackReport(events, { stack: text }), stackReport(events, { stack: "other" })], {}, [
    stackReport(run([], [policyEvent(`Gone ${text}`)]), { stack: "other" }),
  ]);
  // As a file from somewhere else may say it, where nothing has been cleaned.
  return {
    ...report,
    stacks: report.stacks.map((one) => ({ ...one, environment: text, links: [{ from: text, to: text, label: text }] })),
  };
}

describe("text of others in a comment", () => {
  it("is inert wherever a program can put it", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.deepEqual(liveParts(markdown(hostileReport(text))), []);
      }),
      { numRuns: 50 },
    );
  });

  it("is inert in a small comment too, where what is open is closed", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 0, max: 20_000 }), (text, budget) => {
        assert.deepEqual(liveParts(markdown(hostileReport(text), budget)), []);
      }),
      { numRuns: 25 },
    );
  });

  it("is cut where it is too long", () => {
    const size = Buffer.byteLength(markdown(hostileReport("A".repeat(100_000))));
    assert.ok(size <= 65_536, `${size} bytes`);
    assert.match(cut("x".repeat(1000), 3), /^xxx… \(1,000 characters\)$/);
  });

  it("is one piece of code on a line", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const line of [code(text), `| ${code(text, { inTable: true })} |`, `- ${code(text)}: x`]) {
          assert.doesNotMatch(line, /\n/);
          assert.deepEqual(liveParts(line), []);
        }
        assert.deepEqual(liveParts(block(text, "yaml")), []);
        assert.deepEqual(liveParts(`${prose(text)} end`), []);
        assert.match(htmlCode(text), /^<code>(?:[^<>&`@]|&#\d+;)*<\/code>$/);
      }),
      { numRuns: 200 },
    );
  });

  it("keeps the words of a sentence and says the rest as code", () => {
    assert.equal(prose("spec.replicas is not set, see (docs)."), "`spec.replicas` is not set, see (docs).");
    assert.equal(prose("ask @octocat or www.x.y"), "ask `@octocat` or `www.x.y`");
    assert.equal(prose("deadbeef deadbee"), "`deadbeef deadbee`");
  });

  it("shows what is not seen", () => {
    assert.equal(visible("a\u202eb\u0007"), "a\\u202eb\\u0007");
    assert.equal(visible("a\r\nb", "lines"), "a\nb");
    assert.equal(visible("\ud800"), "\\ud800");
    assert.equal(visible("Größe 日本 🎉"), "Größe 日本 🎉");
  });

  it("becomes no link", () => {
    assert.equal(link("run", "javascript:alert(1)"), "run");
    assert.deepEqual(partsOf(link("run", "https://ci.example/1) [x](https://evil.example")).links.length, 1);
    assert.equal(link("run", "https://ci.example/runs/1?a=b#c"), "[run](https://ci.example/runs/1?a=b#c)");
  });
});
