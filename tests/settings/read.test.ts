import assert from "node:assert/strict";
import { describeProblem, readSettings } from "../../settings/read.ts";

const base = { "keelson:system": "codelab", "keelson:environment": "dev" };

/** What a stack file with a text under a key is told, as people see it. */
function told(key: string, text: string): string[] {
  const { problems } = readSettings({ ...base, [`keelson:${key}`]: text });
  return problems.map((problem) => describeProblem(problem, "Pulumi.dev.yaml"));
}

describe("a key whose text is no YAML", () => {
  const fix = "give it as YAML, such as a mapping of keys, or set it with pulumi config set --path";
  const cases: [string, string, string][] = [
    ["a bracket that is not closed", "{gateway: [", "is no YAML (BAD_INDENT, line 1)"],
    ["a key twice", "gateway: {}\ngateway: {}", "is no YAML (DUPLICATE_KEY, line 2)"],
    ["an alias of nothing", "gateway: *nobody", "is no YAML (BAD_ALIAS)"],
    ["an alias of what it is in", "gateway: &a [*a, *a]", "is nested deeper than 50 levels"],
    ["several documents", "gateway: {}\n---\ngateway: {}", "is no YAML (MULTIPLE_DOCS, line 2)"],
    ["a tag of nobody", "gateway: !nobody {}", "is no YAML (TAG_RESOLVE_FAILED, line 1)"],
    [
      "aliases that multiply",
      ["a: &0 [x]", ...Array.from({ length: 9 }, (_, n) => `b${n}: &${n + 1} [${`*${n},`.repeat(9)}]`)].join("\n"),
      "is no YAML (BAD_ALIAS)",
    ],
    ["thousands of levels", `${"[".repeat(5000)}${"]".repeat(5000)}`, "is no YAML (RESOURCE_EXHAUSTION, line 1)"],
    ["a hundred levels", `${"[".repeat(100)}${"]".repeat(100)}`, "is nested deeper than 50 levels"],
  ];
  for (const [what, text, message] of cases)
    it(`is told as a problem: ${what}`, () =>
      assert.deepEqual(told("services", text), [`Pulumi.dev.yaml: keelson:services: ${message}; ${fix}`]));
});

describe("a secret in a stack file that is wrong", () => {
  const cases = [
    "openai-api-key: CANARY-1: oops\nvelero-credentials: b",
    "openai-api-key: *CANARY-1",
    "openai-api-key: !CANARY-1 x",
    "openai-api-key: &CANARY-1 x\nopenai-api-key: y",
    'openai-api-key: "CANARY-1',
    "? [CANARY-1]\n: x",
    "{CANARY-1}",
    "CANARY-1: x",
    "CANARY-1",
    "[CANARY-1]",
    "{openai-api-key: [CANARY-1]}",
    "{openai-api-key: {CANARY-1: CANARY-1}}",
  ];
  for (const text of cases)
    it(`is neither told nor printed: ${JSON.stringify(text)}`, () => {
      const printed: string[] = [];
      const { emitWarning } = process;
      process.emitWarning = (warning) => void printed.push(String(warning));
      try {
        const lines = told("secrets", text);
        assert.ok(lines.length > 0, "accepted");
        assert.doesNotMatch([...lines, ...printed].join("\n"), /CANARY/);
        assert.match(lines[0] ?? "", /^Pulumi\.dev\.yaml: keelson:secrets/);
      } finally {
        process.emitWarning = emitWarning;
      }
    });
});

describe("a name that every object inherits", () => {
  it("is no key of ours", () => {
    for (const key of ["__proto__", "constructor", "toString"])
      assert.match(told(key, '{"protect": false}').join("\n"), /^Pulumi\.dev\.yaml: keelson:\S+: unknown key; [^\n]+$/);
  });

  it("is not left out without a word inside a key", () => {
    for (const key of ["services", "configs", "rotation", "quota"])
      assert.deepEqual(told(key, '{"__proto__": {"pods": 5}}'), [
        `Pulumi.dev.yaml: keelson:${key}.__proto__: unknown key; remove it`,
      ]);
    assert.deepEqual(told("services", '{"gateway": {"env": {"__proto__": "x"}}}'), [
      "Pulumi.dev.yaml: keelson:services.gateway.env.__proto__: unknown key; remove it",
    ]);
  });
});

it("a problem is one line, whatever is in the name of a key", () =>
  assert.match(
    told("quota", JSON.stringify({ "a\n\u001b[31mb": 1 }))[0] ?? "",
    /keelson:quota\.a\\u\{a\}\\u\{1b\}\[31mb: unknown key;/,
  ));
