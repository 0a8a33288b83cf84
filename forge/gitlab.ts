import ky, { HTTPError, type KyInstance } from "ky";
import { ForgeError, type Post, type Posts } from "./posts.ts";

/** Which GitLab, and as whom. */
export interface GitLabOptions {
  /** A project access token with the scope `api`; a job's own token may not write notes. */
  readonly token: string;
  /** Number or full path of the project. */
  readonly project: string;
  /** The API's address, `https://gitlab.example.com/api/v4`. */
  readonly api: string;
  /** Milliseconds that one answer may take; default 30 seconds. */
  readonly timeout?: number;
  /** Milliseconds that a second of waiting between tries takes; less in tests. */
  readonly second?: number;
}

/** Characters of a note or a description. */
const limit = 1_000_000;

interface Answered {
  readonly id: number;
  readonly iid?: number;
  readonly body?: string;
  readonly description?: string | null;
  readonly system?: boolean;
  readonly author?: { readonly id: number };
}

/** A project at GitLab: one client that waits where it is told to, tries again after passing faults and gives up in the end. */
export class GitLab {
  readonly #client: KyInstance;
  readonly project: string;

  constructor({ token, project, api, timeout = 30_000, second = 1000 }: GitLabOptions) {
    this.project = project;
    this.#client = ky.create({
      prefix: `${api.replace(/\/$/, "")}/`,
      headers: { "private-token": token, "user-agent": "keelson" },
      timeout,
      retry: {
        limit: 3,
        // A note that is made twice by this is found and removed after it.
        methods: ["get", "post", "put", "delete"],
        statusCodes: [408, 429, 500, 502, 503, 504],
        afterStatusCodes: [429, 503],
        maxRetryAfter: 300 * second,
        delay: (tried) => tried ** 2 * second,
        retryOnTimeout: true,
      },
    });
  }

  /** One request within the project; `/user` is of the server. @throws ForgeError in one line. */
  async request<Result>(method: string, path: string, json?: unknown): Promise<Result> {
    const response = await this.#send(method, path, json);
    return (response.status === 204 ? undefined : await response.json()) as Result;
  }

  /** All pages of a list. @throws ForgeError in one line. */
  async list<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let page = "1"; page; ) {
      const response = await this.#send("get", `${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`);
      items.push(...((await response.json()) as Item[]));
      page = response.headers.get("x-next-page") ?? "";
    }
    return items;
  }

  /** Those of the given things that we wrote. */
  async ours(things: readonly Answered[]): Promise<Answered[]> {
    if (things.length === 0) return [];
    const { id } = await this.request<Answered>("get", "/user");
    return things.filter(({ author, system }) => author?.id === id && !system).sort((a, b) => a.id - b.id);
  }

  async #send(method: string, path: string, json?: unknown): Promise<Response> {
    const address = path === "/user" ? "user" : `projects/${encodeURIComponent(this.project)}${path}`;
    try {
      return await this.#client(address, { method, ...(json === undefined ? {} : { json }) });
    } catch (error) {
      const status = error instanceof HTTPError ? ` with status ${error.response.status}` : "";
      const reason = error instanceof Error ? error.message.split("\n")[0]?.slice(0, 300) : String(error);
      throw new ForgeError(`GitLab refused ${method.toUpperCase()} ${path.split("?")[0]}${status}: ${reason}`);
    }
  }
}

/** The notes on a merge request. */
export function mergeRequestNotes(gitlab: GitLab, number: number): Posts {
  const notes = `/merge_requests/${number}/notes`;
  return {
    place: `merge request ${gitlab.project}!${number}`,
    limit,
    own: async (start) => {
      const all = await gitlab.list<Answered>(`${notes}?sort=asc&order_by=created_at`);
      return (await gitlab.ours(all.filter(({ body }) => body?.startsWith(start)))).map(({ id, body }) =>
        post(id, body),
      );
    },
    create: async (body) => {
      await gitlab.request("post", notes, { body });
    },
    update: async (id, body) => {
      await gitlab.request("put", `${notes}/${id}`, { body });
    },
    remove: (id) => gone(gitlab.request("delete", `${notes}/${id}`)),
  };
}

/** The open issues of a project that have a label; a new one gets it, and the title. */
export function gitlabIssues(gitlab: GitLab, { title, label }: { title: string; label: string }): Posts {
  return {
    place: `the issues of ${gitlab.project}`,
    limit,
    own: async (start) => {
      const all = await gitlab.list<Answered>(`/issues?state=opened&labels=${encodeURIComponent(label)}`);
      const own = await gitlab.ours(all.filter(({ description }) => description?.startsWith(start)));
      return own.map(({ iid = 0, description }) => post(iid, description ?? ""));
    },
    create: async (description) => {
      await gitlab.request("post", "/issues", { title, description, labels: label });
    },
    update: async (id, description) => {
      await gitlab.request("put", `/issues/${id}`, { description });
    },
    remove: async (id) => {
      await gitlab.request("put", `/issues/${id}`, { state_event: "close" });
    },
  };
}

function post(id: number, body = ""): Post {
  return { id: String(id), body };
}

async function gone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: unknown) => {
    if (!(error instanceof ForgeError) || !error.message.includes("status 404")) throw error;
  });
}
