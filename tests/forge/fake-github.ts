import { type Answer, ApiServer, type Asked, page } from "./api-server.ts";

/** A comment or an issue as it stands at the server. */
export interface Thing {
  id: number;
  number: number;
  node_id: string;
  body: string;
  title?: string;
  state?: string;
  user: { login: string };
  folded?: string;
}

/** A pull request as it stands at the server. */
export interface Pull {
  number: number;
  state: "open" | "closed";
  merged_at: string | null;
  merge_commit_sha?: string;
  head: { sha: string; label: string };
}

/** The part of GitHub's API that the commenter uses, for the repository `team/shop`. */
export class FakeGitHub {
  readonly comments: Thing[] = [];
  readonly issues: Thing[] = [];
  readonly pulls: Pull[] = [];
  /** Login by token. */
  readonly users: Record<string, string> = { "bot-token": "github-actions[bot]", "other-token": "somebody" };
  server!: ApiServer;
  #ids = 1000;

  static async started(): Promise<FakeGitHub> {
    const github = new FakeGitHub();
    github.server = await ApiServer.started((asked) => github.#serve(asked));
    return github;
  }

  /** Puts a comment there, as of somebody. */
  comment(login: string, body: string): Thing {
    return this.#add(this.comments, login, { body });
  }

  get bodies(): string[] {
    return this.comments.filter(({ user }) => user.login === "github-actions[bot]").map(({ body }) => body);
  }

  #add(to: Thing[], login: string, more: Partial<Thing>): Thing {
    const id = ++this.#ids;
    const thing = { id, number: id, node_id: `IC_${id}`, body: "", user: { login }, ...more };
    to.push(thing);
    return thing;
  }

  #serve(asked: Asked): Answer {
    const login = this.users[asked.token];
    if (!login) return { status: 401, body: { message: "Bad credentials" } };
    const { method, path, body } = asked;
    if (path === "/graphql") return this.#graphql(login, body);
    if (typeof body?.body === "string" && body.body.length > 65_536)
      return { status: 422, body: { message: "Validation Failed: body is too long (maximum is 65536 characters)" } };
    const [, rest] = path.split("/repos/team/shop");
    if (rest === "/issues/7/comments") {
      if (method === "POST") return { status: 201, body: this.#add(this.comments, login, { body: body.body }) };
      return this.#list(this.comments, asked);
    }
    if (rest?.startsWith("/issues/comments/")) return this.#one(this.comments, asked, login);
    if (rest === "/issues") {
      if (method === "POST") return { status: 201, body: this.#add(this.issues, login, { ...body, state: "open" }) };
      return this.#list(
        this.issues.filter(({ state }) => state === asked.query.get("state")),
        asked,
      );
    }
    if (rest?.startsWith("/issues/")) return this.#one(this.issues, asked, login);
    if (rest === "/pulls") {
      const { query } = asked;
      return this.#list(
        this.pulls.filter(({ state, head }) => state === query.get("state") && head.label === query.get("head")),
        asked,
      );
    }
    const commit = /^\/commits\/(\w+)\/pulls$/.exec(rest ?? "")?.[1];
    if (commit)
      return this.#list(
        this.pulls.filter(({ merge_commit_sha }) => merge_commit_sha === commit),
        asked,
      );
    return { status: 404, body: { message: "Not Found" } };
  }

  #list(all: readonly unknown[], { path, query }: Asked): Answer {
    const { items, page: number, last } = page(all, query);
    const address = (to: number, rel: string) => {
      const next = new URLSearchParams(query);
      next.set("page", String(to));
      return `<${this.server.url}${path}?${next}>; rel="${rel}"`;
    };
    const link = number < last ? [address(number + 1, "next"), address(last, "last")].join(", ") : undefined;
    return { status: 200, body: items, ...(link ? { headers: { link } } : {}) };
  }

  #one(things: Thing[], { method, path, body }: Asked, login: string): Answer {
    const at = things.findIndex(({ id }) => id === Number(path.split("/").at(-1)));
    const thing = things[at];
    if (!thing) return { status: 404, body: { message: "Not Found" } };
    if (thing.user.login !== login) return { status: 403, body: { message: "Resource not accessible by integration" } };
    if (method === "DELETE") {
      things.splice(at, 1);
      return { status: 204 };
    }
    return { status: 200, body: Object.assign(thing, body) };
  }

  #graphql(login: string, { query, variables }: { query: string; variables: { ids?: string[]; id?: string } }): Answer {
    const all = [...this.comments, ...this.issues];
    if (query.includes("minimizeComment")) {
      const thing = all.find(({ node_id }) => node_id === variables.id);
      if (thing) thing.folded = /classifier: (\w+)/.exec(query)?.[1] ?? "";
      return { status: 200, body: { data: { minimizeComment: { clientMutationId: null } } } };
    }
    const nodes = variables.ids?.map((id) => {
      const thing = all.find(({ node_id }) => node_id === id);
      return thing ? { id, viewerDidAuthor: thing.user.login === login } : null;
    });
    return { status: 200, body: { data: { nodes } } };
  }
}
