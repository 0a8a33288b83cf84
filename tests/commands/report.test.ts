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
    const wrong = [
      [],
      ["--stack", "a", "--report", "b"],
      ["--report", "x", "--run", "javascript:1"],
      ...["3000000", "1e400", "-1"].map((seconds) => ["--stack", "a", `--timeout=${seconds}`]),
    ];
    await Promise.all(wrong.map(async (words) => assert.equal((await report(...words)).exitCode, 2, words.join(" "))));
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

  it("refuse a file that is no report, no event log or no configuration in one line", async () => {
    const file = join(folder, "wrong.json");
    await writeFile(file, '{"version": 1}\n{"resourcePreEvent": 3}\n{}');
    const log = join(folder, "empty.ndjson");
    await writeFile(log, "");
    const other = join(folder, "other.json");
    await writeFile(other, '{"version": 1}');
    const list = join(folder, "list.yaml");
    await writeFile(list, "- privileged\n");
    const wrong: [string[], RegExp][] = [
      [["--report", file], /wrong\.json is no report: it is no JSON$/],
      [["--report", other], /other\.json is no report: .+$/],
      [["--events", `dev=${file}`], /line 2: no event of the engine$/],
      [["--report", join(folder, "none")], /ENOENT: .*none'$/],
      [["--events", `dev=${log}`, "--policy-pack-config", file], /wrong\.json is no YAML \([A-Z_]+, line 2\)$/],
      [["--events", `dev=${log}`, "--policy-pack-config", list], /list\.yaml has no keys: it must be a map$/],
    ];
    for (const [words, message] of wrong) {
      const { exitCode, stderr } = await report(...words);
      assert.equal(exitCode, 1, stderr);
      assert.match(stderr, /^error: [^\n]+$/);
      assert.match(stderr, message);
    }
  });

  it("end quietly where nobody reads the answer, as every command does", async () => {
    const [example] = examples().filter(({ name }) => name === "image-bump");
    assert.ok(example);
    await writeFile(join(folder, "image.json"), JSON.stringify(exampleReport(example)));
    await writeFile(join(folder, "map.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n");
    const commands = [
      `report.ts --json --report ${join(folder, "image.json")}`,
      `graph.ts --system codelab --environment dev --mermaid`,
      "sandbox.ts --help",
      `policy.ts --rule no-default-namespace ${join(folder, "map.yaml")}`,
    ];
    for (const command of commands) {
      const pipe = `node commands/${command} | true; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = await execa("bash", ["-c", pipe]);
      assert.deepEqual([stdout, stderr], [command.startsWith("policy") ? "1" : "0", ""], command);
    }
  });
});
