import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import Bottleneck from "bottleneck";
import { ForgeError, type Post, type Posts } from "./posts.ts";

/** Which GitHub, and as whom. */
export interface GitHubOptions {
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  /** The REST API's address; default that of github.com. */
  readonly api?: string | undefined;
  /** Milliseconds that one answer may take; default 30 seconds. */
  readonly timeout?: number;
  /** Milliseconds that a second of waiting takes; less in tests. */
  readonly second?: number;
  /** Told why it waits. */
  readonly log?: (line: string) => void;
}

/** The longest wait, in seconds, that GitHub may ask for; what asks for more is a failure that says so. */
const patience = 300;
const tries = 3;
/** Characters of a comment or an issue. */
const limit = 65_536;

const Client = Octokit.plugin(waitAsTold, retry, throttling, paginateRest);

/** Nothing in an answer is more than this to us. */
interface Answered {
  readonly id: number;
  readonly number?: number;
  readonly node_id: string;
  readonly body?: string | null;
}

/** A repository at GitHub: one client that keeps to the limits, tries again after passing faults and gives up in the end. */
export class GitHub {
  readonly #client: InstanceType<typeof Client>;
  readonly repository: { readonly owner: string; readonly repo: string };

  constructor({ token, repository, api, timeout = 30_000, second = 1000, log = () => undefined }: GitHubOptions) {
    const [owner = "", repo = ""] = repository.split("/");
    this.repository = { owner, repo };
    const wait = (seconds: number, _request: unknown, _client: unknown, tried: number) => {
      if (seconds > patience || tried >= tries) return false;
      log(`GitHub asks to wait ${seconds} s`);
      return true;
    };
    this.#client = new Client({
      auth: token,
      ...(api ? { baseUrl: api.replace(/\/$/, "") } : {}),
      userAgent: "keelson",
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      request: {
        fetch: (url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(timeout) }),
      },
      retry: { retryAfterBaseValue: second, doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451], retries: tries },
      throttle: {
        retryAfterBaseValue: second,
        onRateLimit: wait,
        onSecondaryRateLimit: wait,
        // The plugin's own pauses between writes, a second and three, by our seconds.
        write: new Bottleneck.Group({ maxConcurrent: 1, minTime: second }),
        notifications: new Bottleneck.Group({ maxConcurrent: 1, minTime: 3 * second }),
      },
    });
  }

  /** One request. @throws ForgeError in one line. */
  async request<Result>(route: string, parameters: Record<string, unknown> = {}): Promise<Result> {
    return told(
      route,
      async () => (await this.#client.request(route, { ...this.repository, ...parameters })).data as Result,
    );
  }

  /** All pages of a list. @throws ForgeError in one line. */
  async list<Item>(route: string, parameters: Record<string, unknown> = {}): Promise<Item[]> {
    const all = { ...this.repository, per_page: 100, ...parameters };
    return told(route, async () => (await this.#client.paginate(route, all)) as Item[]);
  }

  /** One query in GraphQL. @throws ForgeError in one line. */
  async ask<Result>(query: string, variables: Record<string, unknown>): Promise<Result> {
    return told("GraphQL", () => this.#client.graphql<Result>(query, variables));
  }

  /**
   * Those of the given things that we wrote. The REST API names an author, but not who we are (a workflow's token may not ask
   * for its user); GraphQL tells it of each thing.
   */
  async ours<Thing extends Answered>(things: readonly Thing[]): Promise<Thing[]> {
    const own = new Set<string>();
    for (let at = 0; at < things.length; at += 100) {
      const ids = things.slice(at, at + 100).map(({ node_id }) => node_id);
      const { nodes } = await this.ask<{ nodes: ({ id?: string; viewerDidAuthor?: boolean } | null)[] }>(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Comment { viewerDidAuthor } } }",
        { ids },
      );
      for (const node of nodes) if (node?.id && node.viewerDidAuthor) own.add(node.id);
    }
    return things.filter(({ node_id }) => own.has(node_id));
  }
}

/** The comments on a pull request. */
export function pullRequestComments(github: GitHub, number: number): Posts {
  const { owner, repo } = github.repository;
  const nodes = new Map<string, string>();
  const list = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
  const one = "/repos/{owner}/{repo}/issues/comments/{comment_id}";
  return {
    place: `pull request ${owner}/${repo}#${number}`,
    limit,
    own: async (start) => {
      const all = await github.list<Answered>(list, { issue_number: number });
      const own = await github.ours(all.filter(({ body }) => body?.startsWith(start)));
      for (const { id, node_id } of own) nodes.set(String(id), node_id);
      return own.sort((a, b) => a.id - b.id).map(({ id, body }) => post(id, body));
    },
    create: async (body) => {
      await github.request(list.replace("GET", "POST"), { issue_number: number, body });
    },
    update: async (id, body) => {
      await github.request(`PATCH ${one}`, { comment_id: Number(id), body });
    },
    remove: (id) => gone(github.request(`DELETE ${one}`, { comment_id: Number(id) })),
    fold: async (id) => {
      await github.ask(
        "mutation ($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: RESOLVED }) { clientMutationId } }",
        { id: nodes.get(id) },
      );
    },
  };
}

/** The open issues of a repository that have a label; a new one gets it, and the title. */
export function issues(github: GitHub, { title, label }: { title: string; label: string }): Posts {
  const { owner, repo } = github.repository;
  const one = "PATCH /repos/{owner}/{repo}/issues/{issue_number}";
  return {
    place: `the issues of ${owner}/${repo}`,
    limit,
    own: async (start) => {
      const all = await github.list<Answered>("GET /repos/{owner}/{repo}/issues", { state: "open", labels: label });
      const own = await github.ours(all.filter(({ body }) => body?.startsWith(start)));
      return own.sort((a, b) => a.id - b.id).map(({ number = 0, body }) => post(number, body));
    },
    create: async (body) => {
      await github.request("POST /repos/{owner}/{repo}/issues", { title, body, labels: [label] });
    },
    update: async (id, body) => {
      await github.request(one, { issue_number: Number(id), body });
    },
    remove: async (id) => {
      await github.request(one, { issue_number: Number(id), state: "closed" });
    },
  };
}

function post(id: number, body: string | null | undefined): Post {
  return { id: String(id), body: body ?? "" };
}

async function gone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: unknown) => {
    if (!(error instanceof ForgeError) || !error.message.includes("status 404")) throw error;
  });
}

/** A 429 says when to come back, which the plugin for retries does not read. Secondary limits are the other plugin's. */
function waitAsTold(octokit: Octokit): void {
  octokit.hook.error("request", (error, { request }) => {
    if (!("response" in error) || error.status !== 429 || /\bsecondary rate\b/i.test(error.message)) throw error;
    const told = Number(error.response?.headers["retry-after"] ?? 1);
    if (told > patience) throw error;
    const { retry: again } = octokit as Octokit & ReturnType<typeof retry>;
    throw again.retryRequest(error, request.retries ?? tries, told);
  });
}

async function told<Result>(route: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { status, message } = error as { status?: number; message?: string };
    const reason = (message ?? String(error)).split("\n")[0]?.slice(0, 300);
    throw new ForgeError(`GitHub refused ${route}${status ? ` with status ${status}` : ""}: ${reason}`);
  }
}
