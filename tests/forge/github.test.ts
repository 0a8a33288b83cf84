import assert from "node:assert/strict";
import { pullRequestsOf, readEvent } from "../../forge/event.ts";
import { GitHub, issues, pullRequestComments } from "../../forge/github.ts";
import type { Posts } from "../../forge/posts.ts";
import { clear, keep, putAside } from "../../forge/sticky.ts";
import { meeting } from "./api-server.ts";
import { FakeGitHub } from "./fake-github.ts";

const marker = "<!-- keelson:comment v1 name=keelson run=1 -->\n";
const isList = ({ method, path }: { method: string; path: string }) => method === "GET" && path.endsWith("/comments");
const isCreate = ({ method, path }: { method: string; path: string }) =>
  method === "POST" && path.endsWith("/issues/7/comments");

describe("the comment at GitHub", function () {
  this.timeout(20_000);
  let github: FakeGitHub;

  beforeEach(async () => {
    github = await FakeGitHub.started();
  });
  afterEach(() => github.server.stop());

  /** A client of its own each time, as each run has one; waits of a second take 10 ms. */
  const client = (token = "bot-token", timeout = 2000, log: string[] = []): GitHub => {
    const api = `${github.server.url}/`;
    return new GitHub({ token, repository: "team/shop", api, timeout, second: 10, log: (line) => log.push(line) });
  };
  const comments = (...words: Parameters<typeof client>): Posts => pullRequestComments(client(...words), 7);
  const run = (number: string) => ({ name: "keelson", run: number });

  it("is found on whatever page it is, and changed in place", async () => {
    for (let index = 0; index < 120; index += 1) github.comment("somebody", `talk ${index}`);
    const ours = github.comment("github-actions[bot]", `${marker}old`);
    for (let index = 0; index < 130; index += 1) github.comment("somebody", `more talk ${index}`);
    await keep(comments(), run("2"), "new");
    assert.equal(github.comments.length, 251);
    assert.match(ours.body, /run=2 -->\nnew$/);
    assert.deepEqual(github.server.writes, [`PATCH /repos/team/shop/issues/comments/${ours.id}`]);
    assert.equal(github.server.asked.filter(isList).length, 3);
  });

  it("leaves alone what others wrote with our marker, and what we wrote without it", async () => {
    const others = [
      github.comment("somebody", `${marker}planted`),
      github.comment("github-actions[bot]", `Coverage. Not ours: ${marker}`),
      github.comment("github-actions[bot]", "<!-- keelson:comment v1 name=other run=1 -->\nanother one"),
    ];
    const bodies = others.map(({ body }) => body);
    await keep(comments(), run("1"), "ours");
    await keep(comments(), run("2"), "ours, again");
    assert.deepEqual(
      others.map(({ body }) => body),
      bodies,
    );
    assert.equal(github.comments.length, 4);
    assert.match(github.comments.at(-1)?.body ?? "", /ours, again$/);
  });

  it("is set right after somebody has edited it", async () => {
    await keep(comments(), run("1"), "the report");
    const [ours] = github.comments;
    if (ours) ours.body = `${ours.body}\nApproved by everybody.`;
    await keep(comments(), run("1"), "the report");
    assert.match(github.bodies[0] ?? "", /-->\nthe report$/);
    assert.equal(github.bodies.length, 1);
  });

  it("is not written again where it says the same already", async () => {
    await keep(comments(), run("1"), "same");
    const before = github.server.writes.length;
    await keep(comments(), run("1"), "same");
    assert.equal(github.server.writes.length, before);
  });

  it("is one, with what the newer run says, where two runs make it at once", async () => {
    for (const order of [
      ["1", "2"],
      ["2", "1"],
    ] as const) {
      github.comments.length = 0;
      const bothLooked = meeting(2);
      const bothMade = meeting(2);
      github.server.fault(
        ...[1, 2].map(() => ({ when: isList, wait: bothLooked })),
        // The second look of each comes after both have made theirs.
        ...[1, 2].map(() => ({ when: isList, wait: bothMade })),
      );
      await Promise.all(order.map((number) => keep(comments(), run(number), `of run ${number}`)));
      assert.equal(github.bodies.length, 1);
      assert.match(github.bodies[0] ?? "", /of run 2$/);
    }
  });

  it("is not overwritten by an older run that is slower", async () => {
    await keep(comments(), run("12.2"), "newer");
    await keep(comments(), run("12.1"), "older");
    await putAside(comments(), run("9"), "Superseded.");
    assert.match(github.bodies[0] ?? "", /newer$/);
  });

  it("survives passing faults: 500, 502, 429 and 403 that say when to come back, and no answer at all", async () => {
    const log: string[] = [];
    const secondary = { message: "You have exceeded a secondary rate limit. Please wait." };
    github.server.fault(
      { when: isList, answer: { status: 502 } },
      {
        when: isList,
        answer: { status: 429, headers: { "retry-after": "2" }, body: { message: "Too many requests" } },
      },
      { when: isCreate, answer: { status: 403, headers: { "retry-after": "3" }, body: secondary } },
      { when: isCreate, answer: { status: 500, body: { message: "Server Error" } } },
      { when: ({ path }) => path === "/graphql", answer: { status: 503 } },
      { when: isList, answer: "hang" },
    );
    await keep(comments("bot-token", 300, log), run("1"), "at last");
    assert.deepEqual(github.bodies.length, 1);
    assert.deepEqual(log, ["GitHub asks to wait 3 s"]);
  });

  it("waits as long as a 429 says, and not less", async () => {
    github.server.fault({ when: isList, answer: { status: 429, headers: { "retry-after": "40" }, body: {} } });
    const begun = performance.now();
    await keep(comments(), run("1"), "later");
    assert.ok(performance.now() - begun >= 390, "40 short seconds");
  });

  it("waits until the limit of the hour is over, and gives up at once where that is long", async () => {
    const spent = (seconds: number) => ({
      status: 403,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + seconds) },
      body: { message: "API rate limit exceeded" },
    });
    github.server.fault({ when: isList, answer: spent(5) });
    await keep(comments(), run("1"), "after it");
    assert.equal(github.bodies.length, 1);
    github.server.fault({ when: isList, answer: spent(3000) });
    await assert.rejects(keep(comments(), run("2"), "never"), /status 403: API rate limit exceeded/);
  });

  it("is one where the answer to making it got lost", async () => {
    github.server.fault({ when: isCreate, answer: { status: 502 }, afterwards: true });
    await keep(comments(), run("1"), "once");
    assert.equal(github.bodies.length, 1);
  });

  it("tells in one line what is refused, and tries that once only", async () => {
    github.server.fault({
      when: isCreate,
      answer: { status: 403, body: { message: "Resource not accessible by integration" } },
    });
    await assert.rejects(keep(comments(), run("1"), "no"), {
      name: "Error",
      message: /^GitHub refused POST \/repos\/.*comments with status 403: Resource not accessible by integration/,
    });
    assert.equal(github.server.asked.filter(isCreate).length, 1);
    await assert.rejects(keep(comments("wrong-token"), run("1"), "no"), (error: Error) => {
      assert.match(error.message, /status 401: Bad credentials/);
      assert.doesNotMatch(error.message, /wrong-token/);
      return true;
    });
  });

  it("gives up after a few tries", async () => {
    github.server.fault(...Array.from({ length: 9 }, () => ({ when: isList, answer: { status: 500 } })));
    await assert.rejects(keep(comments(), run("1"), "no"), /status 500/);
    assert.equal(github.server.asked.length, 4);
  });

  it("is cut where it is longer than GitHub takes", async () => {
    await keep(comments(), run("1"), `# Verdict\n${"a line of a report\n".repeat(5000)}`);
    const [body = ""] = github.bodies;
    assert.ok(body.length <= 65_536 && body.length > 65_000);
    assert.match(body, /-->\n# Verdict\n/);
    assert.match(body, /Cut here: of 95010 characters \d+ fit/);
  });

  it("is put aside for a newer commit, and comes back", async () => {
    await putAside(comments(), run("1"), "Superseded.");
    assert.deepEqual(github.bodies, [], "where there is none, none is made");
    await keep(comments(), run("1"), "first");
    await putAside(comments(), run("2"), "Superseded.");
    await putAside(comments(), run("3"), "Superseded again.");
    const [aside = ""] = github.bodies;
    assert.match(aside, /Superseded again\.\n\n<details><summary>[^<]*<\/summary>\n\nfirst\n\n<\/details>\n$/);
    await keep(comments(), run("2"), "of a commit that is not the newest");
    assert.equal(github.bodies[0], aside);
    await keep(comments(), run("3"), "third");
    assert.match(github.bodies[0] ?? "", /run=3 -->\nthird$/);
    await putAside(comments(), run("3"), "Superseded, told too late.");
    assert.match(github.bodies[0] ?? "", /third$/);
  });

  it("is folded when its pull request is merged", async () => {
    await keep(comments(), run("1"), "first");
    await putAside(comments(), run("2"), "**Merged.**", true);
    assert.equal(github.comments[0]?.folded, "RESOLVED");
    assert.match(github.bodies[0] ?? "", /\*\*Merged\.\*\*\n\n<details>[\s\S]*first/);
  });

  it("goes where GitHub says the run was for, and nowhere after a newer push", async () => {
    const old = "a".repeat(40);
    const head = "b".repeat(40);
    const merged = "c".repeat(40);
    github.pulls.push(
      { number: 7, state: "open", merged_at: null, head: { sha: head, label: "fork:fix" } },
      { number: 8, state: "closed", merged_at: null, head: { sha: head, label: "fork:fix" } },
      {
        number: 6,
        state: "closed",
        merged_at: "2026-11-20",
        merge_commit_sha: merged,
        head: { sha: old, label: "team:b" },
      },
    );
    const of = (sha: string, owner: string | null) =>
      readEvent(
        JSON.stringify({
          workflow_run: {
            id: 5,
            html_url: "https://github.com/team/shop/actions/runs/5",
            conclusion: "failure",
            head_sha: sha,
            head_branch: "fix",
            head_repository: owner === null ? null : { owner: { login: owner } },
          },
        }),
      );
    assert.deepEqual(await pullRequestsOf(client(), of(head, "fork")), [7]);
    assert.deepEqual(await pullRequestsOf(client(), of(old, "fork")), []);
    assert.deepEqual(await pullRequestsOf(client(), of(head, "team")), []);
    assert.deepEqual(await pullRequestsOf(client(), of(head, null)), []);
    assert.deepEqual(await pullRequestsOf(client(), { after: merged }), [6]);
    assert.deepEqual(await pullRequestsOf(client(), { pull_request: { number: 3 } }), [3]);
    assert.throws(() => readEvent('{"workflow_run":{"head_sha":"$(rm -rf /)"}}'), /not as GitHub writes it/);
  });

  it("keeps one issue in the same way, and closes it", async () => {
    const wanted = { title: "Drift in stack prod", label: "drift" };
    const drift = () => issues(client(), wanted);
    await keep(drift(), { name: "drift-prod", run: "1" }, "three objects");
    await keep(drift(), { name: "drift-prod", run: "2" }, "two objects");
    assert.equal(github.issues.length, 1);
    assert.equal(github.issues[0]?.title, wanted.title);
    assert.match(github.issues[0]?.body ?? "", /two objects/);
    await clear(drift(), { name: "drift-prod" });
    assert.equal(github.issues[0]?.state, "closed");
    await keep(drift(), { name: "drift-prod", run: "3" }, "one object");
    assert.equal(github.issues.length, 2);
  });
});
