import { credentials } from "@grpc/grpc-js";
import messages, { type ConstructRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import resource from "@pulumi/pulumi/proto/resource_pb.js";
import { channelOptions } from "../plugin-server.ts";
import { fromProperties, toProperties } from "../provider-server.ts";
import { hasUnknown, isObject, type JsonObject, plainObject, secret, textAt } from "../values.ts";
import type { EngineLog } from "./engine-log.ts";
import { renderChart } from "./helm.ts";
import { offlineFile, offlineKubernetesVersion } from "./offline.ts";
import type { Provider } from "./provider.ts";
import { annotation, groupOf, typeToken } from "./types.ts";

const chartType = "kubernetes:helm.sh/v4:Chart";
const sdkVersion = "4.32.0";
const implemented = [
  "name",
  "namespace",
  "chart",
  "version",
  "devel",
  "repositoryOpts.repo",
  "values",
  "skipCrds",
  "skipAwait",
  "resourcePrefix",
  "plainHttp",
];

type Register = (request: RegisterResourceRequest) => Promise<RegisterResourceResponse>;

/** Registers a chart and, as its children, every object that it renders. */
export async function constructChart(request: ConstructRequest, provider: Provider, log: EngineLog) {
  const type = request.getType();
  if (type !== chartType) {
    throw new Error(`The stand-in for the kubernetes provider has no component ${type}. It has ${chartType}.`);
  }
  const monitor = new services.ResourceMonitorClient(
    request.getMonitorendpoint(),
    credentials.createInsecure(),
    channelOptions,
  );
  const register: Register = (registration) =>
    new Promise((resolve, reject) =>
      monitor.registerResource(registration, (error, response) =>
        error ? reject(new Error(error.details)) : resolve(response),
      ),
    );
  try {
    const chart = await register(componentOf(request));
    const resources = await registerChildren(request, chart.getUrn(), provider, log, register);
    const response = new messages.ConstructResponse();
    response.setUrn(chart.getUrn());
    response.setState(toProperties({ resources }));
    return response;
  } finally {
    monitor.close();
  }
}

/** The chart's own registration, with every option that the program gave it. */
function componentOf(request: ConstructRequest): RegisterResourceRequest {
  const component = new resource.RegisterResourceRequest();
  component.setType(request.getType());
  component.setName(request.getName());
  component.setParent(request.getParent());
  component.setAcceptsecrets(true);
  component.setAcceptresources(true);
  component.setAliasspecs(true);
  component.setAliasesList(request.getAliasesList());
  component.setDependenciesList(request.getDependenciesList());
  component.setIgnorechangesList(request.getIgnorechangesList());
  component.setReplaceonchangesList(request.getReplaceonchangesList());
  component.setDeletedwith(request.getDeletedwith());
  component.setObject(toProperties({}));
  if (request.hasProtect()) component.setProtect(request.getProtect() ?? false);
  if (request.hasRetainondelete()) component.setRetainondelete(request.getRetainondelete() ?? false);
  for (const [name, reference] of request.getProvidersMap().getEntryList())
    component.getProvidersMap().set(name, reference);
  return component;
}

async function registerChildren(
  request: ConstructRequest,
  parent: string,
  provider: Provider,
  log: EngineLog,
  register: Register,
): Promise<JsonObject[]> {
  const wrapped = fromProperties(request.getInputs());
  const given = Object.keys(wrapped).filter((key) => key !== "repositoryOpts" && wrapped[key] !== null);
  const { repositoryOpts } = wrapped;
  if (isObject(repositoryOpts)) given.push(...Object.keys(repositoryOpts).map((key) => `repositoryOpts.${key}`));
  const foreign = given.filter((key) => !implemented.includes(key));
  if (foreign.length > 0) {
    throw new Error(
      `helm.v4.Chart ${request.getName()}: the stand-in does not have ${foreign.join(", ")}. It has: ${implemented.join(", ")}.`,
    );
  }
  if (hasUnknown(wrapped)) {
    log.warn(parent, "Input properties have unknown values. Preview is incomplete.");
    return [];
  }
  const inputs = plainObject(wrapped);
  const objects = await chartObjects(inputs, request.getName(), provider);
  for (const object of objects) {
    const policy = annotation(object, "helm.sh/resource-policy");
    if (policy !== "" && policy !== "keep") log.warn(parent, `Unsupported Helm resource policy "${policy}"`);
  }
  const prefix = textAt(inputs, "resourcePrefix");
  const named = inputs.resourcePrefix === undefined ? request.getName() : prefix;
  const pending = new Map<JsonObject, Promise<RegisterResourceResponse>>();
  // What others need is registered first, and they wait for it.
  const ordered = [...objects].sort((one, other) => rank(one) - rank(other));
  for (const object of ordered) {
    const needed = ordered.filter((other) => rank(other) < rank(object) && needs(object, other));
    const before = needed.flatMap((other) => pending.get(other) ?? []);
    const child = Promise.all(before).then((done) => {
      const registration = childOf(object, parent, named, inputs.skipAwait === true);
      registration.setDependenciesList(done.map((dependency) => dependency.getUrn()));
      const reference = request.getProvidersMap().get("kubernetes");
      if (reference !== undefined) registration.setProvider(reference);
      return register(registration);
    });
    pending.set(object, child);
  }
  const registered = await Promise.all(pending.values());
  return registered.map((child) => ({
    "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
    urn: child.getUrn(),
    id: child.getId(),
    packageVersion: sdkVersion,
  }));
}

/** The chart's objects, each that has a namespace in one. */
async function chartObjects(inputs: JsonObject, name: string, provider: Provider): Promise<JsonObject[]> {
  const online = offlineFile() === undefined ? await provider.cluster() : undefined;
  const namespace = textAt(inputs, "namespace");
  const objects = await renderChart({
    release: textAt(inputs, "name") || name,
    namespace,
    chart: textAt(inputs, "chart"),
    version: textAt(inputs, "version"),
    repository: textAt(inputs, "repositoryOpts", "repo"),
    values: isObject(inputs.values) ? inputs.values : {},
    skipCrds: inputs.skipCrds === true,
    plainHttp: inputs.plainHttp === true,
    devel: inputs.devel === true,
    kubernetesVersion: online ? await online.version() : offlineKubernetesVersion,
    apiVersions: online ? await online.apiVersions() : [],
  });
  const scopes = new Map(
    objects
      .filter((object) => object.kind === "CustomResourceDefinition")
      .map((object) => [definedKind(object), textAt(object, "spec", "scope") === "Namespaced"]),
  );
  for (const object of objects) {
    const [apiVersion, kind] = [textAt(object, "apiVersion"), textAt(object, "kind")];
    if (apiVersion === "" || kind === "" || textAt(object, "metadata", "name") === "") {
      throw new Error(
        `helm.v4.Chart ${name}: a rendered object has no apiVersion, kind or metadata.name (${apiVersion} ${kind}).`,
      );
    }
    if (textAt(object, "metadata", "namespace") !== "") continue;
    const isNamespaced = scopes.get(`${groupOf(apiVersion)}/${kind}`) ?? (await provider.isNamespaced(object));
    const target = namespace || provider.settings.namespace || "default";
    if (isNamespaced) object.metadata = { ...(isObject(object.metadata) ? object.metadata : {}), namespace: target };
  }
  return objects;
}

function childOf(rendered: JsonObject, parent: string, prefix: string, skipAwait: boolean): RegisterResourceRequest {
  const { metadata, ...fields } = rendered;
  const rest = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  const object: JsonObject = { ...rest, metadata: isObject(metadata) ? { ...metadata } : {} };
  if (skipAwait && isObject(object.metadata)) {
    const annotations = isObject(object.metadata.annotations) ? object.metadata.annotations : {};
    object.metadata.annotations = { ...annotations, "pulumi.com/skipAwait": "true" };
  }
  for (const field of ["data", "stringData"]) {
    if (object.kind === "Secret" && object[field] !== undefined) object[field] = secret(object[field]);
  }
  const namespace = textAt(object, "metadata", "namespace");
  const name = `${namespace === "" ? "" : `${namespace}/`}${textAt(object, "metadata", "name")}`;
  const child = new resource.RegisterResourceRequest();
  child.setType(typeToken(textAt(object, "apiVersion"), textAt(object, "kind")));
  child.setName(prefix === "" ? name : `${prefix}:${name}`);
  child.setParent(parent);
  child.setCustom(true);
  child.setVersion(sdkVersion);
  child.setAcceptsecrets(true);
  child.setAcceptresources(true);
  child.setSupportspartialvalues(true);
  child.setAliasspecs(true);
  child.setObject(toProperties(object));
  // Without these, the engine would take every property to depend on the definition or namespace waited for.
  for (const field of Object.keys(object)) {
    child.getPropertydependenciesMap().set(field, new resource.RegisterResourceRequest.PropertyDependencies());
  }
  if (annotation(rendered, "helm.sh/resource-policy") === "keep") child.setRetainondelete(true);
  return child;
}

/** Definitions and namespaces come before all else. */
function rank(object: JsonObject): number {
  return object.kind === "CustomResourceDefinition" || object.kind === "Namespace" ? 0 : 1;
}

/** Whether an object cannot be created before another: its kind's definition, or its namespace. */
function needs(object: JsonObject, other: JsonObject): boolean {
  if (other.kind === "Namespace") return textAt(object, "metadata", "namespace") === textAt(other, "metadata", "name");
  return definedKind(other) === `${groupOf(textAt(object, "apiVersion"))}/${textAt(object, "kind")}`;
}

function definedKind(definition: JsonObject): string {
  return `${textAt(definition, "spec", "group")}/${textAt(definition, "spec", "names", "kind")}`;
}
