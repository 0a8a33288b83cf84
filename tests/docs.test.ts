import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { parseAllDocuments } from "yaml";
import { stackFileSchema } from "../settings/stack-file.ts";
import { systems } from "../systems/index.ts";

const pages = [
  "README.md",
  "CHANGELOG.md",
  // The examples of reports are what the command writes; tests of their own hold them.
  ...globSync("docs/**/*.md").filter((path) => !path.startsWith("docs/examples/")),
  ...globSync("{components,policies}/README.md"),
  ...globSync("sandbox/**/README.md"),
];
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const validate = new Ajv({ strict: false, validateFormats: false }).compile(stackFileSchema());

describe("the documentation", () => {
  for (const page of pages) {
    const text = readFileSync(page, "utf8");

    it(`${page} links to what is there`, () => {
      for (const [, target = ""] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
        if (!/^[a-z]+:/.test(target)) assert.ok(existsSync(join(dirname(page), target)), target);
      }
    });

    it(`${page} names commands, systems and environments that exist`, () => {
      for (const [, name = ""] of text.matchAll(/npm run (?:--silent )?([a-z-]+)/g))
        assert.ok(name in scripts, `npm run ${name}`);
      for (const [, name = ""] of text.matchAll(/--system ([a-z][-a-z]*)/g))
        assert.ok(name in systems, `--system ${name}`);
      for (const [, name = ""] of text.matchAll(/--environment ([a-z]+)/g))
        assert.ok(["dev", "staging", "prod"].includes(name), name);
    });

    it(`${page} shows stack files that the schema takes`, () => {
      for (const [, block = ""] of text.matchAll(/```yaml\n([\s\S]*?)```/g)) {
        const [file] = parseAllDocuments(block).map((document) => document.toJS()) as [{ config?: object }?];
        if (!file?.config) continue;
        const config = { "keelson:system": "codelab", "keelson:environment": "prod", ...file.config };
        assert.ok(validate({ ...file, config }), `${block}\n${JSON.stringify(validate.errors)}`);
      }
    });
  }
});
