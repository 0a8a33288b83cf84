import { request as sendPlain } from "node:http";
import { type RequestOptions, request as send } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { isObject, type Json, type JsonObject, objectsAt, textAt } from "../values.ts";

/** A kind as the API server serves it. */
export interface ServedKind {
  plural: string;
  namespaced: boolean;
}

/** An answer other than success, with the server's own words. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

/** The API server does not know a kind: its CRD is not there (yet). */
export class UnknownKind extends Error {}

/** Query parameters of a request. */
export type Query = Record<string, string>;

const contentTypes = {
  json: "application/json",
  apply: "application/apply-patch+yaml",
  jsonPatch: "application/json-patch+json",
};

/** An API server, spoken to in plain objects: no field is lost that this program does not know. */
export class Cluster {
  readonly #config: KubeConfig;
  #kinds: Promise<Map<string, ServedKind>> | undefined;

  constructor(config: KubeConfig) {
    this.#config = config;
  }

  /** The version of the server, such as v1.36.1. */
  async version(): Promise<string> {
    return textAt(await this.#request("GET", "/version"), "gitVersion");
  }

  /** Every `group/version` and `group/version/Kind` that the server has, as charts ask for them. */
  async apiVersions(): Promise<string[]> {
    const kinds = [...(await this.#served()).keys()];
    return [...new Set(kinds.flatMap((kind) => [kind.slice(0, kind.lastIndexOf("/")), kind]))];
  }

  /** How a kind is served; asks again for one that is not known, which may have come since. */
  async kind(apiVersion: string, kind: string): Promise<ServedKind> {
    const name = `${apiVersion}/${kind}`;
    const served = (await this.#served()).get(name);
    if (served) return served;
    this.#kinds = undefined;
    const now = (await this.#served()).get(name);
    if (now) return now;
    throw new UnknownKind(
      `no matches for kind "${kind}" in version "${apiVersion}": is its CustomResourceDefinition missing?`,
    );
  }

  create(object: JsonObject, query: Query): Promise<JsonObject> {
    return this.#onCollection("POST", object, query, object);
  }

  /** Server-side apply. */
  apply(object: JsonObject, query: Query): Promise<JsonObject> {
    return this.#onObject("PATCH", object, query, object, contentTypes.apply);
  }

  patch(object: JsonObject, operations: Json): Promise<JsonObject> {
    return this.#onObject("PATCH", object, {}, operations, contentTypes.jsonPatch);
  }

  replace(object: JsonObject, query: Query): Promise<JsonObject> {
    return this.#onObject("PUT", object, query, object);
  }

  read(object: JsonObject): Promise<JsonObject> {
    return this.#onObject("GET", object);
  }

  /** Like read, but undefined for what is not there. */
  async find(object: JsonObject): Promise<JsonObject | undefined> {
    return this.read(object).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
  }

  async list(apiVersion: string, kind: string, namespace: string, query: Query): Promise<JsonObject[]> {
    const found = await this.#onCollection("GET", reference(apiVersion, kind, namespace, ""), query);
    // The server names the kind once, for the whole list.
    return objectsAt(found, "items").map((item) => ({ apiVersion, kind, ...item }));
  }

  remove(object: JsonObject, options: JsonObject): Promise<JsonObject> {
    return this.#onObject("DELETE", object, {}, options);
  }

  async #onCollection(method: string, object: JsonObject, query: Query, body?: Json): Promise<JsonObject> {
    return this.#request(method, await this.#path(object), query, body);
  }

  async #onObject(method: string, object: JsonObject, query: Query = {}, body?: Json, contentType = contentTypes.json) {
    const path = `${await this.#path(object)}/${textAt(object, "metadata", "name")}`;
    return this.#request(method, path, query, body, contentType);
  }

  async #path(object: JsonObject): Promise<string> {
    const apiVersion = textAt(object, "apiVersion");
    const { plural, namespaced } = await this.kind(apiVersion, textAt(object, "kind"));
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const namespace = textAt(object, "metadata", "namespace") || "default";
    return namespaced ? `${base}/namespaces/${namespace}/${plural}` : `${base}/${plural}`;
  }

  #served(): Promise<Map<string, ServedKind>> {
    this.#kinds ??= Promise.all(["/api", "/apis"].map((path) => this.#discover(path))).then(
      (found) => new Map(found.flat()),
    );
    // A failed question is asked again next time.
    this.#kinds.catch(() => {
      this.#kinds = undefined;
    });
    return this.#kinds;
  }

  async #discover(path: string): Promise<[string, ServedKind][]> {
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const groups = objectsAt(await this.#request("GET", path, {}, undefined, contentTypes.json, accept), "items");
    return groups.flatMap((group) =>
      objectsAt(group, "versions").flatMap((version) =>
        objectsAt(version, "resources").map((resource): [string, ServedKind] => {
          const name = textAt(group, "metadata", "name");
          const apiVersion = `${name === "" ? "" : `${name}/`}${textAt(version, "version")}`;
          return [
            `${apiVersion}/${textAt(resource, "responseKind", "kind")}`,
            { plural: textAt(resource, "resource"), namespaced: textAt(resource, "scope") === "Namespaced" },
          ];
        }),
      ),
    );
  }

  async #request(
    method: string,
    path: string,
    query: Query = {},
    body?: Json,
    contentType = contentTypes.json,
    accept = contentTypes.json,
  ): Promise<JsonObject> {
    const server = this.#config.getCurrentCluster()?.server ?? "";
    const url = new URL(server + path);
    url.search = new URLSearchParams(query).toString();
    const text = body === undefined ? undefined : JSON.stringify(body);
    // Node sends no length with a DELETE by itself, and the server would take the body for the next request.
    const length = text === undefined ? {} : { "content-length": Buffer.byteLength(text) };
    const options: RequestOptions = { method, headers: { accept, "content-type": contentType, ...length } };
    await this.#config.applyToHTTPSOptions(options);
    // The library shares one agent per cluster; kept alive, a request costs no new TLS handshake.
    Object.assign(options.agent ?? {}, { keepAlive: true });
    const { status, answered } = await exchange(url, options, text).catch((error: unknown) => {
      const why = error instanceof Error ? error.message || String((error as { code?: string }).code) : String(error);
      throw new Error(`The Kubernetes API server at ${server} cannot be reached: ${why}`);
    });
    const answer = parsed(answered);
    if (status < 400) return answer;
    throw new ApiError(
      status,
      textAt(answer, "reason"),
      textAt(answer, "message") || `HTTP ${status}: ${answered.slice(0, 300)}`,
    );
  }
}

/**
 * A kubeconfig (a path or its content; "" for the user's own) as a cluster, in the context given or its current one.
 * A cluster on any other machine is refused.
 */
export async function connect(kubeconfig: string, context: string): Promise<Cluster> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (kubeconfig === "") config.loadFromDefault();
  else if (/^\s*\{|\n/.test(kubeconfig)) config.loadFromString(kubeconfig);
  else config.loadFromFile(kubeconfig);
  if (context !== "" && !config.getContexts().some(({ name }) => name === context)) {
    const known = config.getContexts().map(({ name }) => name);
    throw new Error(`The kubeconfig has no context "${context}"; it has: ${known.join(", ") || "none"}.`);
  }
  if (context !== "") config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error("The kubeconfig names no cluster: set a context.");
  if (!/^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(server).hostname)) {
    throw new Error(
      `The stand-in for the kubernetes provider is for the sandbox only, and ${server} is not on this machine. ` +
        "Install the official plugin (pulumi plugin install resource kubernetes).",
    );
  }
  return new Cluster(config);
}

/** What is enough of an object to find it. */
export function reference(apiVersion: string, kind: string, namespace: string, name: string): JsonObject {
  return { apiVersion, kind, metadata: { namespace, name } };
}

/** Whether an error says that the object, or its whole kind, is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof UnknownKind || (error instanceof ApiError && error.code === 404);
}

function parsed(text: string): JsonObject {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function exchange(url: URL, options: RequestOptions, body?: string): Promise<{ status: number; answered: string }> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "http:" ? sendPlain : send)(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, answered: Buffer.concat(chunks).toString() }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}
