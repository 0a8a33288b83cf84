import { HttpMethod, KubeConfig, KubernetesObjectApi, type RequestContext } from "@kubernetes/client-node";
import { isObject, type Json, type JsonObject, objectsAt, textAt } from "../values.ts";
import { ApiError, isMissing } from "./api-error.ts";

/** How an object or a list of them is asked for. */
export type Method = keyof typeof HttpMethod;

/** What goes with a request. */
export interface Request {
  query?: Record<string, string>;
  body?: Json;
  /** @default application/json */
  contentType?: string;
}

/** An API server, spoken to in plain JSON: the library finds kinds and connects, but its own methods drop fields they do not know. */
export class Cluster extends KubernetesObjectApi {
  /** The version of the server, such as v1.36.1. */
  async version(): Promise<string> {
    return textAt(await this.#get("/version"), "gitVersion");
  }

  /** Every `group/version` that the server has, as charts ask for them. */
  async apiVersions(): Promise<string[]> {
    const groups = objectsAt(await this.#get("/apis"), "groups");
    return groups.flatMap((group) => objectsAt(group, "versions").map((version) => textAt(version, "groupVersion")));
  }

  /** Whether a kind has a namespace; undefined where the server does not know the kind (yet). */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean | undefined> {
    return (await this.#kind(apiVersion, kind))?.namespaced;
  }

  /** Reads, updates or deletes an object. */
  async onObject(method: Method, object: JsonObject, request: Request = {}): Promise<JsonObject> {
    return this.#send(method, `${await this.#path(object)}/${textAt(object, "metadata", "name")}`, request);
  }

  /** Creates an object, or lists those of its kind and namespace. */
  async onCollection(method: Method, object: JsonObject, request: Request): Promise<JsonObject> {
    return this.#send(method, await this.#path(object), request);
  }

  /** Reads an object; undefined for what is not there. */
  async find(object: JsonObject): Promise<JsonObject | undefined> {
    return this.onObject("GET", object).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
  }

  #get(path: string): Promise<JsonObject> {
    return this.#send("GET", path, {});
  }

  async #kind(apiVersion: string, kind: string) {
    return this.resource(apiVersion, kind).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
  }

  async #path(object: JsonObject): Promise<string> {
    const [apiVersion, kind] = [textAt(object, "apiVersion"), textAt(object, "kind")];
    const served = await this.#kind(apiVersion, kind);
    if (!served) {
      const message = `no matches for kind "${kind}" in version "${apiVersion}": is its CustomResourceDefinition missing?`;
      throw new ApiError(404, "UnknownKind", message);
    }
    const namespace = textAt(object, "metadata", "namespace") || this.defaultNamespace;
    return [this.apiVersionPath(apiVersion), ...(served.namespaced ? ["namespaces", namespace] : []), served.name].join(
      "/",
    );
  }

  #send(method: Method, path: string, { query = {}, body, contentType = "application/json" }: Request) {
    const context = this.configuration.baseServer.makeRequestContext(path, HttpMethod[method]);
    for (const [name, value] of Object.entries(query)) context.setQueryParam(name, value);
    if (body !== undefined) {
      context.setHeaderParam("Content-Type", contentType);
      context.setBody(JSON.stringify(body));
    }
    return this.requestPromise<JsonObject>(context);
  }

  /** Every request of the library too comes through here. */
  protected override async requestPromise<T>(context: RequestContext): Promise<T> {
    await this.configuration.authMethods.default?.applySecurityAuthentication(context);
    const sent = this.configuration.httpApi.send(context).toPromise();
    const response = await sent.catch(({ message, cause = message }) => {
      throw new Error(`The Kubernetes API server at ${new URL(context.getUrl()).origin} cannot be reached: ${cause}`);
    });
    const text = await response.body.text();
    if (response.httpStatusCode < 400) return JSON.parse(text);
    const answer: Json = text.startsWith("{") ? JSON.parse(text) : text;
    const message = isObject(answer)
      ? textAt(answer, "message")
      : `HTTP ${response.httpStatusCode}: ${text.slice(0, 300)}`;
    throw new ApiError(response.httpStatusCode, textAt(answer, "reason"), message);
  }
}

/**
 * A kubeconfig (a path or its content; "" for the user's own) as a cluster, in the context given or its current one.
 * A cluster on any other machine is refused.
 */
export function connect(kubeconfig: string, context: string): Cluster {
  const config = new KubeConfig();
  if (kubeconfig === "") config.loadFromDefault();
  else if (/^\s*\{|\n/.test(kubeconfig)) config.loadFromString(kubeconfig);
  else config.loadFromFile(kubeconfig);
  if (context !== "") config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    const known = config.getContexts().map(({ name }) => name);
    throw new Error(
      `The kubeconfig has no cluster in context "${config.getCurrentContext()}"; contexts are: ${known.join(", ")}.`,
    );
  }
  if (!/^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(server).hostname)) {
    throw new Error(
      `The stand-in for the kubernetes provider is for the sandbox only, and ${server} is not on this machine. ` +
        "Install the official plugin (pulumi plugin install resource kubernetes).",
    );
  }
  return config.makeApiClient(Cluster);
}
