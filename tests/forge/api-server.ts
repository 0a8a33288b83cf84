import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the API sees it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string;
  // biome-ignore lint/suspicious/noExplicitAny: the body of any request
  readonly body: any;
}

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Something that goes wrong once, or what a request waits for. */
export interface Fault {
  readonly when: (asked: Asked) => boolean;
  /** The answer in the API's place; `hang` never answers. Left out, the request goes through after `wait`. */
  readonly answer?: Answer | "hang";
  /** The request does its work all the same, and only the answer is lost. */
  readonly afterwards?: boolean;
  readonly wait?: () => Promise<void>;
}

/** What an API server does with a request. */
export type Serve = (asked: Asked) => Answer;

/** A server on this machine that serves an API, with faults. */
export class ApiServer {
  readonly asked: Asked[] = [];
  readonly #faults: Fault[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async started(serve: Serve): Promise<ApiServer> {
    const server = createServer((request, response) => {
      api.#answer(request, response, serve).catch((error: Error) => response.writeHead(599).end(error.stack));
    });
    const api = new ApiServer(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets something go wrong with the next request that it fits. */
  fault(...faults: Fault[]): void {
    this.#faults.push(...faults);
  }

  /** Method and path of each request that was no reading. */
  get writes(): string[] {
    return this.asked
      .filter(({ method, body }) => method !== "GET" && !String(body?.query ?? "mutation").startsWith("query"))
      .map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse, serve: Serve): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { pathname, searchParams } = new URL(request.url ?? "", this.url);
    const asked: Asked = {
      method: request.method ?? "",
      path: pathname,
      query: searchParams,
      token: String(request.headers.authorization ?? request.headers["private-token"] ?? "").replace(/^\w+ /, ""),
      body: text ? JSON.parse(text) : undefined,
    };
    this.asked.push(asked);
    const at = this.#faults.findIndex(({ when }) => when(asked));
    const [fault] = at >= 0 ? this.#faults.splice(at, 1) : [];
    await fault?.wait?.();
    if (fault?.answer === "hang") return;
    const lost = fault?.afterwards ? serve(asked) : undefined;
    const { status, body, headers } = fault?.answer ?? lost ?? serve(asked);
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }
}

/** One page of a list, and which others there are. */
export function page<Item>(
  items: readonly Item[],
  query: URLSearchParams,
): { items: Item[]; page: number; last: number } {
  const size = Math.min(Number(query.get("per_page") ?? 20), 100);
  const number = Number(query.get("page") ?? 1);
  return {
    items: items.slice((number - 1) * size, number * size),
    page: number,
    last: Math.max(1, Math.ceil(items.length / size)),
  };
}

/** Lets as many go on as were asked for, all at once, when the last has come. */
export function meeting(size: number): () => Promise<void> {
  let come = 0;
  let open: () => void = () => undefined;
  const door = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    come += 1;
    if (come === size) open();
    return door;
  };
}
