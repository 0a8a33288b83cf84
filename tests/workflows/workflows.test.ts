import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { parse } from "yaml";
import { skip } from "../skip.ts";
import { actionlint, zizmor } from "./linters.ts";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Job {
  permissions?: Record<string, string>;
  steps?: Step[];
  uses?: string;
  environment?: string;
  concurrency?: { group: string; "cancel-in-progress": boolean };
  "timeout-minutes"?: number;
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: object;
  jobs: Record<string, Job>;
}

/** An expression of GitHub's, which no template of ours shall take for its own. */
const expression = (text: string) => ["$", `{{ ${text} }}`].join("");
const files = globSync(".github/workflows/*.yml").sort();
const actions = globSync(".github/actions/*/action.yml").sort();
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const read = (file: string) => parse(readFileSync(file, "utf8")) as Workflow;
const named = (name: string) => read(`.github/workflows/${name}.yml`);
const stepsOf = (file: string): Step[] => {
  const parsed = parse(readFileSync(file, "utf8"));
  return parsed.runs?.steps ?? Object.values((parsed as Workflow).jobs).flatMap(({ steps = [] }) => steps);
};

describe("the workflows", () => {
  it("are those of checks, previews, comments, deployments, drift and releases", () => {
    const names = ["all-checks", "checks", "comment", "deploy-stack", "deploy", "drift", "preview", "release"];
    assert.deepEqual(
      files,
      names.map((name) => `.github/workflows/${name}.yml`),
    );
  });

  for (const file of files) {
    const { permissions, jobs, on } = read(file);

    it(`${file} has no rights but those of its jobs, each with a time to end`, () => {
      assert.deepEqual(permissions, {});
      for (const [name, job] of Object.entries(jobs)) {
        assert.ok(job.permissions, `job ${name} says its rights`);
        assert.ok(!Object.values(job.permissions).includes("write-all"));
        assert.ok(job.uses || job["timeout-minutes"], `job ${name} has a time to end`);
      }
    });

    it(`${file} never runs the code of a pull request with rights`, () => {
      assert.ok(!("pull_request_target" in on));
      if (!("workflow_run" in on)) return;
      for (const { uses = "", with: given } of stepsOf(file)) {
        if (!uses.startsWith("actions/checkout@")) continue;
        assert.equal(given?.ref, expression("github.event.repository.default_branch"));
      }
    });
  }

  for (const file of [...files, ...actions]) {
    it(`${file} pins actions by digest, and keeps no token in the checkout`, () => {
      for (const { uses, with: given } of stepsOf(file)) {
        if (!uses || /^\.\/(base\/)?\.github\//.test(uses)) continue;
        assert.match(uses, /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/);
        if (uses.startsWith("actions/checkout@")) assert.equal(given?.["persist-credentials"], false);
      }
      const text = readFileSync(file, "utf8");
      for (const [, digest, version] of text.matchAll(/@([0-9a-f]{40})(.*)$/gm))
        assert.match(version ?? "", /^ # v\d+\.\d+\.\d+$/, `the version of ${digest}`);
    });

    it(`${file} runs npm scripts that there are, and puts no expression into a shell`, () => {
      for (const { run } of stepsOf(file)) {
        if (!run) continue;
        assert.doesNotMatch(run, /\$\{\{/);
        assert.ok(run.length < 220, "what is longer belongs into a command");
        for (const [, script = ""] of run.matchAll(/npm (?:run )?(?:--silent )?([a-z-]+)/g))
          assert.ok(["ci", "pkg", "publish"].includes(script) || script in scripts, script);
      }
    });
  }

  it("give secrets and the cluster to branches of this repository only, and to no job that forks start", () => {
    const { sandbox, cluster } = named("preview").jobs;
    assert.deepEqual(sandbox?.permissions, { contents: "read" });
    assert.doesNotMatch(JSON.stringify(sandbox), /secrets\.|github\.token|id-token/);
    const text = readFileSync(".github/workflows/preview.yml", "utf8");
    assert.match(
      text,
      /if: vars\.KEELSON_SERVER != '' && github\.event\.pull_request\.head\.repo\.full_name == github\.repository/,
    );
    assert.equal(cluster?.environment, "preview");
    for (const name of ["checks", "preview"]) {
      for (const job of Object.values(named(name).jobs))
        assert.ok(!Object.entries(job.permissions ?? {}).some(([on, right]) => right === "write" && on !== "id-token"));
    }
  });

  it("deploy dev, then staging, then prod, each after its plan, one update of a stack at a time", () => {
    const { dev, staging, prod } = named("deploy").jobs as Record<string, Job & { needs?: string }>;
    assert.deepEqual([dev?.needs, staging?.needs, prod?.needs], [undefined, "dev", "staging"]);
    const { plan, deploy } = named("deploy-stack").jobs as Record<string, Job & { needs?: string }>;
    assert.equal(plan?.environment, `${expression("inputs.stack")}-plan`);
    assert.equal(deploy?.environment, expression("inputs.stack"));
    assert.equal(deploy?.needs, "plan");
    assert.deepEqual(deploy?.concurrency, {
      group: `deploy-${expression("inputs.stack")}`,
      "cancel-in-progress": false,
    });
    assert.match(JSON.stringify(deploy), /npm run deploy -- --stack \\"\$STACK\\" --report approved\/report\.json/);
  });

  it("have the same commands at GitLab, each of them there, and one update of a stack at a time", () => {
    const text = readFileSync(".gitlab-ci.yml", "utf8");
    const jobs = parse(text) as Record<string, { script?: string[]; resource_group?: string; when?: string }>;
    const used = [...text.matchAll(/npm run ([a-z-]+)/g)].map(([, script = ""]) => script);
    assert.deepEqual([...new Set(used)].sort(), ["comment", "compare", "deploy", "drift", "kubeconfig", "report"]);
    for (const script of used) assert.ok(script in scripts, script);
    assert.equal(jobs[".deploy"]?.resource_group, "deploy-$STACK");
    assert.match(JSON.stringify(jobs["deploy prod"]), /"when":"manual"/);
    assert.doesNotMatch(text, /pull_request|GITHUB_/);
  });

  it("pass actionlint", async function () {
    this.timeout(300_000);
    const found = await actionlint();
    if ("reason" in found) return skip(this, found.reason);
    const { failed, stdout, stderr } = await execa(found.path, ["-no-color", "-shellcheck=", "-pyflakes="], {
      reject: false,
    });
    assert.ok(!failed, `${stdout}${stderr}`);
  });

  it("pass zizmor", async function () {
    this.timeout(180_000);
    const found = await zizmor();
    if ("reason" in found) return skip(this, found.reason);
    const { failed, stdout, stderr } = await execa(found.path, ["--offline", "--no-progress", ".github"], {
      reject: false,
    });
    assert.ok(!failed, `${stdout}${stderr}`);
  });
});
