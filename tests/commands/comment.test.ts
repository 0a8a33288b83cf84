import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { formats } from "../../report/formats.ts";
import { reportOf } from "../../report/report.ts";
import { stackReport } from "../../report/stack-report.ts";
import { FakeGitHub } from "../forge/fake-github.ts";

const head = "b".repeat(40);

describe("npm run comment", function () {
  this.timeout(60_000);
  let github: FakeGitHub;
  let folder: string;
  const file = (name: string) => join(folder, name);

  before(async () => {
    github = await FakeGitHub.started();
    github.pulls.push({ number: 7, state: "open", merged_at: null, head: { sha: head, label: "fork:fix" } });
    folder = await mkdtemp(join(tmpdir(), "keelson-comment-"));
    await writeFile(file("report.md"), "<!-- keelson:report v1 -->\n# ✅ Nothing in the way\n");
    await writeFile(file("empty.md"), "\n");
    await writeFile(file("leaky.md"), "# ✅\n\npassword: hunter2hunter2\n");
  });
  after(async () => {
    await github.server.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    github.comments.length = 0;
  });

  const comment = (words: string[], env: NodeJS.ProcessEnv = {}) =>
    execa("node", ["--import", "./commands/check-node.mjs", "commands/comment.ts", "--provider", "github", ...words], {
      env: {
        PATH: process.env.PATH,
        GITHUB_TOKEN: "bot-token",
        GITHUB_API_URL: github.server.url,
        GITHUB_REPOSITORY: "team/shop",
        KEELSON_FORGE_SECOND: "10",
        ...env,
      },
      extendEnv: false,
      reject: false,
      all: true,
    });
  const event = async (conclusion: string, sha = head): Promise<NodeJS.ProcessEnv> => {
    const path = file(`${conclusion}-${sha[0]}.json`);
    const workflow_run = {
      id: 55,
      run_attempt: 2,
      html_url: "https://github.com/team/shop/actions/runs/55",
      conclusion,
      head_sha: sha,
      head_branch: "fix",
      head_repository: { owner: { login: "fork" } },
    };
    await writeFile(path, JSON.stringify({ action: "completed", workflow_run }));
    return { GITHUB_EVENT_PATH: path, GITHUB_RUN_ID: "99" };
  };

  it("posts a report where the event says, for the run that the event names", async () => {
    const { exitCode, all } = await comment(["--report", file("report.md")], await event("success"));
    assert.equal(exitCode, 0, all);
    assert.match(all, /Told pull request team\/shop#7/);
    assert.deepEqual(github.bodies, [
      "<!-- keelson:comment v1 name=keelson run=55.2 -->\n<!-- keelson:report v1 -->\n# ✅ Nothing in the way\n",
    ]);
  });

  it("makes one comment where two processes make it at once", async () => {
    const words = ["--pull-request", "7", "--report", file("report.md"), "--run"];
    const runs = await Promise.all([comment([...words, "2"]), comment([...words, "1"])]);
    assert.deepEqual(
      runs.map(({ exitCode }) => exitCode),
      [0, 0],
    );
    assert.equal(github.bodies.length, 1);
  });

  it("says that there is no preview where it failed, timed out or left nothing", async () => {
    for (const report of ["nowhere.md", "empty.md"]) {
      const failed = ["--failed", "cluster <b>prod</b> did not answer\n@everyone ```"];
      const { exitCode, all } = await comment(["--report", file(report), ...failed], await event("timed_out"));
      assert.equal(exitCode, 0, all);
      const [body = ""] = github.bodies;
      assert.match(body, /## ❌ No preview \(timed out\)/);
      assert.match(body, /\n {4}cluster <b>prod<\/b> did not answer\n {4}@everyone ```\n/);
      assert.match(body, /\[the run\]\(https:\/\/github\.com\/team\/shop\/actions\/runs\/55\)/);
    }
  });

  it("makes Markdown of a report in JSON itself, with what it knows of the run, and takes nothing that is none", async () => {
    const made = reportOf([stackReport([], { stack: "prod <b>@everyone</b>" })], { run: "https://evil.example.com" });
    await writeFile(file("report.json"), formats.json.write(made));
    await writeFile(file("forged.json"), '{"version":1,"markdown":"@everyone, approved!"}');
    const told = await comment(["--report", file("report.json")], await event("success"));
    assert.equal(told.exitCode, 0, told.all);
    const [body = ""] = github.bodies;
    assert.match(body, /<!-- keelson:report v1 -->/);
    assert.match(body, /github\.com\/team\/shop\/actions\/runs\/55/);
    assert.doesNotMatch(body, /evil/);
    assert.match(body, /\| `prod <b>@everyone<\/b>` \|/, "as code, which is neither markup nor a mention");
    const forged = await comment(["--report", file("forged.json")], await event("success"));
    assert.equal(forged.exitCode, 0, forged.all);
    assert.match(forged.all, /forged\.json is no report/);
    assert.match(github.bodies[0] ?? "", /No preview/);
    assert.doesNotMatch(github.bodies[0] ?? "", /approved!/);
  });

  it("puts the comment aside on a newer push, and tells nobody of a commit that is no longer the head", async () => {
    await comment(["--pull-request", "7", "--report", file("report.md"), "--run", "1"]);
    const { exitCode } = await comment(["--superseded"], await event("success"));
    assert.equal(exitCode, 0);
    assert.match(github.bodies[0] ?? "", /\*\*Superseded\.\*\*[\s\S]*Nothing in the way/);
    const late = await comment(["--report", file("report.md")], await event("success", "c".repeat(40)));
    assert.equal(late.exitCode, 0);
    assert.match(late.all, /There is no pull request to tell/);
    assert.match(github.bodies[0] ?? "", /\*\*Superseded\.\*\*/);
  });

  it("withholds a report that has a secret in it, and says so", async () => {
    const words = ["--pull-request", "7", "--report", file("leaky.md")];
    const { exitCode, all } = await comment(words, { DATABASE_PASSWORD: "hunter2hunter2" });
    assert.equal(exitCode, 1);
    assert.match(all, /the report was not posted: it has the value of DATABASE_PASSWORD in it/);
    assert.match(github.bodies[0] ?? "", /The report is withheld/);
    assert.doesNotMatch(`${all}${github.bodies}`, /hunter2/);
  });

  it("ends with status 1 and one line where the forge refuses, without the token", async () => {
    const words = ["--pull-request", "7", "--failed", "no"];
    const [wrong, without] = await Promise.all(
      ["wrong-token", ""].map((GITHUB_TOKEN) => comment(words, { GITHUB_TOKEN })),
    );
    assert.equal(wrong?.exitCode, 1);
    assert.match(wrong?.all ?? "", /^comment: GitHub refused GET .* with status 401: Bad credentials[^\n]*$/);
    assert.equal(without?.exitCode, 1);
    assert.match(without?.all ?? "", /the environment variable GITHUB_TOKEN is missing/);
  });
});
