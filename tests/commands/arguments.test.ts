import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { execa } from "execa";

/** For each npm script, words that are wrong for it and what it says to them. */
const wrong: Record<string, [words: string[], message: RegExp]> = {
  start: [["--stak", "prod"], /^start: .*'--stak'/],
  sandbox: [["fault", "slow", "--namespace", "a"], /^sandbox: "slow" is no fault; there are /],
  render: [["--system", "x"], /^render: there is no system "x"/],
  recover: [[], /^recover: --stack is missing/],
  "new-stack": [["stack"], /^new-stack: .*'stack'/],
  policy: [["--rul", "x"], /^policy: .*'--rul'/],
  graph: [["--system"], /^graph: .*--system/],
  release: [[], /^release: --/],
  backup: [["--stack", "dev", "--stroe", "x"], /^backup: .*'--stroe'/],
  restore: [["--stack", "dev", "--store", "postgres"], /^restore: --from is missing/],
  comment: [["--provider", "github"], /^comment: say one of --report/],
  kubeconfig: [["--server", "http://x"], /^kubeconfig: --server must begin with https/],
  compare: [["--change", "/nowhere", "--stack", "dev"], /^compare: \/nowhere is no checkout/],
  deploy: [["--stack", "dev"], /^deploy: say what was approved/],
  drift: [["--stack", "dev", "--provider", "x"], /^drift: there is no provider "x"/],
  doctor: [["--nope"], /^doctor: .*'--nope'/],
  generate: [["all"], /^generate: .*'all'/],
  test: [["--only", "tests"], /^test: there is no step "tests"/],
  report: [["--json"], /^report: say what to tell of/],
  "record-reports": [["--comment"], /^record-reports: .*'--comment'/],
  mutate: [["nothing"], /^mutate: there is no file called nothing/],
  bench: [["--runs", "0"], /^bench: --runs is "0"/],
};

describe("wrong words", () => {
  it("end every command with status 2, one line that says what is wrong, and its help", async () => {
    const { scripts } = JSON.parse(await readFile("package.json", "utf8")) as { scripts: Record<string, string> };
    assert.deepEqual(Object.keys(wrong).sort(), Object.keys(scripts).sort());
    await Promise.all(
      Object.entries(wrong).map(async ([script, [words, message]]) => {
        const [node = "", ...command] = scripts[script]?.split(" ") ?? [];
        const ended = await execa(node, [...command, ...words], { reject: false, stdin: "ignore" });
        assert.deepEqual([ended.exitCode, ended.stdout], [2, ""], `${script}: ${ended.stderr}`);
        assert.match(ended.stderr, message);
        assert.match(ended.stderr, /\n\n.*npm (run |test|start)/s, script);
      }),
    );
  });
});
