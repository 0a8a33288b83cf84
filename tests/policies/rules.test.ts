import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { environments } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import { withCurrentRules } from "../../policies/rules-table.ts";

const folder = new URL("../../policies/", import.meta.url);
const strictness = ["disabled", "advisory", "remediate", "mandatory"];

describe("the list of rules", () => {
  it("has every file in rules/ once, and each rule is called as its file", () => {
    const files = readdirSync(new URL("rules/", folder)).map((file) => file.replace(/\.ts$/, ""));
    assert.deepEqual(rules.map(({ id }) => id).sort(), files.sort());
  });

  for (const rule of rules) {
    it(`${rule.id} says what people need to know, and is nowhere stricter than in prod`, () => {
      assert.match(rule.id, /^[a-z]+(-[a-z]+)*$/);
      for (const text of [rule.what, rule.why]) assert.match(text, /^[A-Z`].*\.$/s);
      assert.match(rule.title, /^[A-Z][^.]*$/);
      assert.ok(rule.sources.length > 0);
      const levels = environments.map((environment) => strictness.indexOf(rule.levels[environment]));
      assert.deepEqual(levels, levels.toSorted());
      assert.deepEqual(
        parseAllDocuments(rule.remedy).flatMap(({ errors }) => errors),
        [],
      );
    });
  }

  it("is in the README as it is now", () => {
    const text = readFileSync(new URL("README.md", folder), "utf8");
    assert.equal(text, withCurrentRules(text), "run `node rules-table.ts` in policies/");
  });
});

/** The files that a file imports, itself and those that they import included. */
function imported(file: URL, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(file.href)) return seen;
  const text = readFileSync(file, "utf8").replaceAll(/^import type [^;]*;/gm, "");
  const names = [...text.matchAll(/^(?:import|}|export \*) .*from "([^"]+)"|\bimport\("([^"]+)"\)/gm)].map(
    ([, fixed, late]) => fixed ?? late ?? "",
  );
  seen.set(
    file.href,
    names.filter((name) => !name.startsWith(".")),
  );
  for (const name of names.filter((name) => name.startsWith("."))) imported(new URL(name, file), seen);
  return seen;
}

describe("the pack", () => {
  it("imports nothing but Pulumi's SDK and what Node has", () => {
    const files = imported(new URL("index.mjs", folder));
    assert.ok(files.size > rules.length);
    assert.deepEqual([...new Set([...files.values()].flat())].sort(), ["@pulumi/policy", "node:fs", "node:module"]);
  });
});
