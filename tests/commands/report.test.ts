import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { exampleReport, examples } from "../report/examples.ts";

describe("the words of npm run report", function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "keelson-report-words-"));
  });
  after(() => rm(folder, { recursive: true }));

  const report = (...words: string[]) => execa("node", ["commands/report.ts", ...words], { reject: false });

  it("that are wrong end it with status 2", async () => {
    const wrong = [[], ["--stack", "a", "--report", "b"], ["--report", "x", "--run", "javascript:1"]];
    for (const words of wrong) assert.equal((await report(...words)).exitCode, 2, words.join(" "));
  });

  it("turn a report from elsewhere into a comment, without the context that it claims", async () => {
    const [example] = examples().filter(({ name }) => name === "image-bump");
    assert.ok(example);
    const made = exampleReport(example);
    const file = join(folder, "report.json");
    await writeFile(file, JSON.stringify({ ...made, context: { ...made.context, run: "https://evil.example/" } }));
    const { exitCode, stdout } = await report("--report", file, "--run", "https://ci.example/1", "--output", folder);
    assert.equal(exitCode, 0, stdout);
    const comment = await readFile(join(folder, "comment.md"), "utf8");
    assert.match(comment, /\[run\]\(https:\/\/ci\.example\/1\)/);
    assert.doesNotMatch(comment, /evil/);
  });

  it("refuse a file that is no report or no event log in one line", async () => {
    const file = join(folder, "wrong.json");
    await writeFile(file, '{"version": 1}\n{"resourcePreEvent": 3}\n{}');
    for (const words of [
      ["--report", file],
      ["--events", `dev=${file}`],
      ["--report", join(folder, "none")],
    ]) {
      const { exitCode, stderr } = await report(...words);
      assert.equal(exitCode, 1);
      assert.match(stderr, /^report: [^\n]+$/);
    }
  });
});
