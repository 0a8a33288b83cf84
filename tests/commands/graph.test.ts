import assert from "node:assert/strict";
import { execa } from "execa";

const graph = (...words: string[]) =>
  execa("npm", ["run", "--silent", "graph", "--", ...words], { reject: false, stdin: "ignore" });

describe("npm run graph", () => {
  it("prints an SVG document and nothing else", async () => {
    const { stdout, stderr, exitCode } = await graph("--system", "codelab", "--environment", "prod");
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^<svg [\s\S]*<\/svg>$/);
    assert.doesNotMatch(stderr, /keelson|Error/i);
  });

  it("prints Mermaid where asked for", async () => {
    const { stdout } = await graph("--system", "codelab", "--environment", "dev", "--mermaid");
    assert.match(stdout, /^---\ntitle: "CodeLab in dev"\n---\nflowchart LR\n/);
  });

  it("names what is wrong with its words, and the help", async () => {
    const wrong = await graph("--system", "codlab", "--environment", "dev");
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /there is no system "codlab"; did you mean "codelab"\?/);
    assert.match(wrong.stderr, /--mermaid/);
    assert.equal(wrong.stdout, "");
  });
});
