import { credentials } from "@grpc/grpc-js";
import messages, { type ConstructRequest, type ConstructResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import resource from "@pulumi/pulumi/proto/resource_pb.js";
import { channelOptions, type EngineLog, filled } from "../plugin-server.ts";
import { fromProperties, toProperties } from "../provider-server.ts";
import {
  hasUnknown,
  type JsonObject,
  mapValues,
  objectAt,
  type PropertyMap,
  plain,
  resourceReference,
  secret,
  textAt,
} from "../values.ts";
import { renderChart } from "./helm.ts";
import { annotation, groupOf, idOf, typeToken } from "./objects.ts";
import { offlineFile, offlineKubernetesVersion } from "./offline.ts";
import type { KubernetesProvider } from "./provider.ts";

const chartType = "kubernetes:helm.sh/v4:Chart";
const implemented = ["name", "namespace", "chart", "version", "repositoryOpts.repo", "values"];

type Registration = Promise<RegisterResourceResponse>;

/** Registers a chart and, as its children, every object that it renders. */
export async function constructChart(
  request: ConstructRequest,
  provider: KubernetesProvider,
  log: EngineLog,
): Promise<ConstructResponse> {
  const inputs = fromProperties(request.getInputs());
  refuseForeign(request.getType(), request.getName(), inputs);
  const monitor = new services.ResourceMonitorClient(
    request.getMonitorendpoint(),
    credentials.createInsecure(),
    channelOptions,
  );
  const register = (registration: RegisterResourceRequest): Registration =>
    new Promise((resolve, reject) =>
      monitor.registerResource(registration, (error, response) =>
        error ? reject(new Error(error.details)) : resolve(response),
      ),
    );
  try {
    const urn = (await register(componentOf(request))).getUrn();
    const known = !hasUnknown(inputs);
    if (!known) log.warn(urn, "Input properties have unknown values. Preview is incomplete.");
    const objects = known ? await chartObjects(plain(inputs), request.getName(), provider) : [];
    const children = await registerInOrder(objects, (object, needed) => {
      const child = filled(childOf(object, request.getName(), provider.version), {
        parent: urn,
        dependenciesList: needed.map((dependency) => dependency.getUrn()),
        provider: request.getProvidersMap().get("kubernetes"),
      });
      return register(child);
    });
    const resources = children.map((child) => resourceReference(child.getUrn(), child.getId(), provider.version));
    return filled(new messages.ConstructResponse(), { urn, state: toProperties({ resources }) });
  } finally {
    monitor.close();
  }
}

function refuseForeign(type: string, name: string, inputs: PropertyMap): void {
  if (type !== chartType) {
    throw new Error(`The stand-in for the kubernetes provider has no component ${type}. It has ${chartType}.`);
  }
  const { repositoryOpts, ...others } = inputs;
  const given = [
    ...Object.keys(others),
    ...Object.keys(objectAt(repositoryOpts)).map((key) => `repositoryOpts.${key}`),
  ];
  const foreign = given.filter((key) => !implemented.includes(key));
  if (foreign.length > 0) {
    throw new Error(
      `helm.v4.Chart ${name}: the stand-in does not have ${foreign.join(", ")}. It has: ${implemented.join(", ")}.`,
    );
  }
}

/** The chart's own registration, with every option that the program gave it. */
function componentOf(request: ConstructRequest): RegisterResourceRequest {
  const component = filled(new resource.RegisterResourceRequest(), {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    acceptsecrets: true,
    acceptresources: true,
    aliasspecs: true,
    aliasesList: request.getAliasesList(),
    dependenciesList: request.getDependenciesList(),
    deletedwith: request.getDeletedwith(),
    object: toProperties({}),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainondelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
  });
  for (const [name, provider] of request.getProvidersMap().getEntryList())
    component.getProvidersMap().set(name, provider);
  return component;
}

/** Registers definitions and namespaces first, and each object when those that it needs are there. */
function registerInOrder(
  objects: JsonObject[],
  register: (object: JsonObject, needed: RegisterResourceResponse[]) => Registration,
): Promise<RegisterResourceResponse[]> {
  const isFirst = ({ kind }: JsonObject) => kind === "CustomResourceDefinition" || kind === "Namespace";
  const first = objects.filter(isFirst).map((object) => ({ object, registered: register(object, []) }));
  const others = objects
    .filter((object) => !isFirst(object))
    .map(async (object) => {
      const needed = first.filter((other) => needs(object, other.object)).map(({ registered }) => registered);
      return register(object, await Promise.all(needed));
    });
  return Promise.all([...first.map(({ registered }) => registered), ...others]);
}

/** Whether an object cannot be created before another: its kind's definition, or its namespace. */
function needs(object: JsonObject, other: JsonObject): boolean {
  if (other.kind === "Namespace") return textAt(object, "metadata", "namespace") === textAt(other, "metadata", "name");
  return definedKind(other) === `${groupOf(textAt(object, "apiVersion"))}/${textAt(object, "kind")}`;
}

function definedKind(definition: JsonObject): string {
  return `${textAt(definition, "spec", "group")}/${textAt(definition, "spec", "names", "kind")}`;
}

/** The chart's objects, each that has a namespace in one. */
async function chartObjects(inputs: JsonObject, name: string, provider: KubernetesProvider): Promise<JsonObject[]> {
  const cluster = offlineFile ? undefined : await provider.cluster();
  const namespace = textAt(inputs, "namespace") || "default";
  const version = (await cluster?.version()) ?? offlineKubernetesVersion;
  const release = textAt(inputs, "name") || name;
  const objects = await renderChart(release, inputs, version, (await cluster?.apiVersions()) ?? []);
  const definitions = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
  const scopes = new Map(definitions.map((object) => [definedKind(object), textAt(object, "spec", "scope")]));
  const placed = objects.map(async (object) => {
    const [apiVersion, kind] = [textAt(object, "apiVersion"), textAt(object, "kind")];
    const scope = scopes.get(`${groupOf(apiVersion)}/${kind}`);
    const namespaced = scope ? scope === "Namespaced" : await provider.isNamespaced(apiVersion, kind);
    return namespaced ? { ...object, metadata: { namespace, ...objectAt(object, "metadata") } } : object;
  });
  return Promise.all(placed);
}

function childOf(rendered: JsonObject, chart: string, version: string): RegisterResourceRequest {
  const isSecret = (field: string) => rendered.kind === "Secret" && (field === "data" || field === "stringData");
  const given = Object.fromEntries(Object.entries(rendered).filter(([, value]) => value !== null));
  const object = mapValues(given, (value, field) => (isSecret(field) ? secret(value) : value));
  const child = filled(new resource.RegisterResourceRequest(), {
    type: typeToken(textAt(object, "apiVersion"), textAt(object, "kind")),
    name: `${chart}:${idOf(object)}`,
    custom: true,
    version,
    acceptsecrets: true,
    acceptresources: true,
    supportspartialvalues: true,
    aliasspecs: true,
    object: toProperties(object),
    retainondelete: annotation(object, "helm.sh/resource-policy") === "keep" ? true : undefined,
  });
  // Without these, the engine would take every property to depend on the definition or namespace waited for.
  for (const field of Object.keys(object)) {
    child.getPropertydependenciesMap().set(field, new resource.RegisterResourceRequest.PropertyDependencies());
  }
  return child;
}
