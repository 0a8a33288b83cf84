import assert from "node:assert/strict";
import { GitLab, gitlabIssues, mergeRequestNotes } from "../../forge/gitlab.ts";
import { clear, keep, putAside } from "../../forge/sticky.ts";
import { type Answer, ApiServer, type Asked, meeting, page } from "./api-server.ts";

interface Note {
  id: number;
  iid: number;
  body?: string;
  description?: string;
  state?: string;
  title?: string;
  author: { id: number };
}

const notesPath = "/api/v4/projects/team%2Fshop/merge_requests/7/notes";
const isList = ({ method, path }: Asked) => method === "GET" && path === notesPath;
const isCreate = ({ method, path }: Asked) => method === "POST" && path === notesPath;

describe("the note at GitLab", function () {
  this.timeout(20_000);
  let server: ApiServer;
  let notes: Note[];
  let issues: Note[];
  let ids = 100;

  const add = (to: Note[], author: number, more: Partial<Note>): Note => {
    ids += 1;
    const note = { id: ids, iid: ids, author: { id: author }, ...more };
    to.push(note);
    return note;
  };
  const list = (all: readonly Note[], { query }: Asked): Answer => {
    const { items, page: number, last } = page(all, query);
    return { status: 200, body: items, headers: { "x-next-page": number < last ? String(number + 1) : "" } };
  };
  const one = (things: Note[], { method, path, body }: Asked): Answer => {
    const thing = things.find(({ id }) => id === Number(path.split("/").at(-1)));
    if (!thing) return { status: 404, body: { message: "404 Not found" } };
    if (thing.author.id !== 42) return { status: 403, body: { message: "403 Forbidden" } };
    if (method === "DELETE") things.splice(things.indexOf(thing), 1);
    else Object.assign(thing, body, body.state_event === "close" ? { state: "closed" } : {});
    return method === "DELETE" ? { status: 204 } : { status: 200, body: thing };
  };
  const serve = (asked: Asked): Answer => {
    if (asked.token !== "project-token") return { status: 401, body: { message: "401 Unauthorized" } };
    if (asked.path === "/api/v4/user") return { status: 200, body: { id: 42 } };
    const issuesPath = "/api/v4/projects/team%2Fshop/issues";
    if (isCreate(asked)) return { status: 201, body: add(notes, 42, asked.body) };
    if (isList(asked)) return list(notes, asked);
    if (asked.path.startsWith(notesPath)) return one(notes, asked);
    if (asked.path === issuesPath && asked.method === "POST")
      return { status: 201, body: add(issues, 42, { ...asked.body, state: "opened" }) };
    if (asked.path === issuesPath)
      return list(
        issues.filter(({ state }) => state === asked.query.get("state")),
        asked,
      );
    return one(issues, asked);
  };

  beforeEach(async () => {
    notes = [];
    issues = [];
    server = await ApiServer.started(serve);
  });
  afterEach(() => server.stop());

  const client = (token = "project-token", timeout = 2000) =>
    new GitLab({ token, project: "team/shop", api: `${server.url}/api/v4`, timeout, second: 10 });
  const posts = (...words: Parameters<typeof client>) => mergeRequestNotes(client(...words), 7);
  const run = (number: string) => ({ name: "keelson", run: number });
  const marker = "<!-- keelson:comment v1 name=keelson run=1 -->\n";

  it("is found among 250 on several pages, only if it is ours, and changed in place", async () => {
    for (let index = 0; index < 125; index += 1) add(notes, 5, { body: `talk ${index}` });
    const planted = add(notes, 5, { body: `${marker}planted` });
    const ours = add(notes, 42, { body: `${marker}old` });
    for (let index = 0; index < 125; index += 1) add(notes, 5, { body: `more talk ${index}` });
    await keep(posts(), run("2"), "new");
    assert.equal(notes.length, 252);
    assert.equal(planted.body, `${marker}planted`);
    assert.match(ours.body ?? "", /run=2 -->\nnew$/);
    assert.equal(server.asked.filter(isList).length, 3);
  });

  it("is one, with what the newer run says, where two runs make it at once", async () => {
    const [bothLooked, bothMade] = [meeting(2), meeting(2)];
    server.fault(...[bothLooked, bothLooked, bothMade, bothMade].map((wait) => ({ when: isList, wait })));
    await Promise.all(["2", "1"].map((number) => keep(posts(), run(number), `of run ${number}`)));
    assert.equal(notes.length, 1);
    assert.match(notes[0]?.body ?? "", /of run 2$/);
  });

  it("survives passing faults, and waits as long as it is told to", async () => {
    server.fault(
      { when: isList, answer: { status: 502 } },
      { when: isList, answer: { status: 429, headers: { "retry-after": "1" } } },
      { when: isCreate, answer: { status: 500 }, afterwards: true },
      { when: isCreate, answer: { status: 503 } },
      { when: isList, answer: "hang" },
    );
    const begun = performance.now();
    await keep(posts("project-token", 300), run("1"), "at last");
    assert.ok(performance.now() - begun >= 990, "one second, as the 429 says");
    assert.equal(notes.length, 1);
  });

  it("tells in one line what is refused, and gives up after a few tries", async () => {
    await assert.rejects(keep(posts("wrong-token"), run("1"), "no"), (error: Error) => {
      assert.match(error.message, /^GitLab refused GET \/merge_requests\/7\/notes with status 401/);
      assert.doesNotMatch(error.message, /wrong-token/);
      return true;
    });
    server.fault(...Array.from({ length: 9 }, () => ({ when: isList, answer: { status: 500 } })));
    server.asked.length = 0;
    await assert.rejects(keep(posts(), run("1"), "no"), /status 500/);
    assert.equal(server.asked.length, 4);
  });

  it("is put aside, and comes back", async () => {
    await keep(posts(), run("1"), "first");
    await putAside(posts(), run("2"), "Superseded.", true);
    assert.match(notes[0]?.body ?? "", /Superseded\.\n\n<details>[\s\S]*first/);
    await keep(posts(), run("2"), "second");
    assert.match(notes[0]?.body ?? "", /-->\nsecond$/);
  });

  it("keeps one issue in the same way, and closes it", async () => {
    const drift = () => gitlabIssues(client(), { title: "Drift in stack prod", label: "drift" });
    await keep(drift(), { name: "drift-prod", run: "1" }, "three objects");
    await keep(drift(), { name: "drift-prod", run: "2" }, "two objects");
    assert.equal(issues.length, 1);
    assert.match(issues[0]?.description ?? "", /two objects/);
    await clear(drift(), { name: "drift-prod" });
    assert.equal(issues[0]?.state, "closed");
  });
});
