import { isDeepStrictEqual } from "node:util";
import { Metadata, status } from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages, { type ConstructRequest, type ConstructResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import rpcStatus from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { filled, pluginInfo, servePlugin, unary } from "./plugin-server.ts";
import { type PropertyMap, plain } from "./values.ts";

/** How a resource is created or updated. */
export interface How {
  /** Whether nothing may change: the answer says what would come of it. */
  preview: boolean;
  /** Time to wait, in seconds; 0 leaves it to the provider. */
  seconds: number;
  /** Property paths whose changes the program wants left alone. */
  ignoreChanges: string[];
}

/** What a provider does, in plain properties. What it throws becomes the engine's error message. */
export interface ResourceProvider {
  version: string;
  /** @param variables the provider's arguments and stack configuration */
  configure?(variables: ReadonlyMap<string, string>): void;
  /** The provider's arguments whose change replaces it and all that it made. */
  replacing?(old: PropertyMap, news: PropertyMap): string[];
  /** The inputs as they are worked with; throws for what the stand-in does not have. */
  check(urn: string, news: PropertyMap): Promise<PropertyMap> | PropertyMap;
  /** What of a change from old to new inputs replaces the resource. */
  diff(old: PropertyMap, news: PropertyMap): Promise<Replacement> | Replacement;
  create(urn: string, inputs: PropertyMap, how: How): Promise<{ id: string; state: PropertyMap }>;
  update?(urn: string, state: PropertyMap, inputs: PropertyMap, how: How): Promise<PropertyMap>;
  /** The state and inputs now; undefined where the resource is gone. */
  read(urn: string, id: string, known: Known): Promise<Known | undefined>;
  delete?(state: PropertyMap, seconds: number): Promise<void>;
  construct?(request: ConstructRequest): Promise<ConstructResponse>;
  cancel?(): void;
}

/** What of a change replaces a resource. */
export interface Replacement {
  /** Property paths; none for a change in place. */
  replaces: string[];
  deleteBeforeReplace?: boolean;
}

/** What the engine's state knows of a resource. */
export interface Known {
  inputs: PropertyMap;
  state: PropertyMap;
}

/** Properties as the protocol carries them → as JSON, secrets still wrapped. */
export function fromProperties(sent: ReturnType<typeof toProperties> | undefined): PropertyMap {
  return (sent?.toJavaScript() ?? {}) as PropertyMap;
}

/** Properties → as the protocol carries them. */
export function toProperties(properties: PropertyMap) {
  return struct.Struct.fromJavaScript(properties);
}

/** The type in a URN, such as `kubernetes:apps/v1:Deployment`, and the resource's name. */
export function partsOf(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

/** A resource that exists but did not get ready: the engine records its state and reports the reasons. */
export class NotReady extends Error {
  readonly metadata = new Metadata();

  constructor(
    message: string,
    id: string,
    reasonsList: string[],
    { state, inputs }: Omit<Known, "inputs"> & Partial<Known>,
  ) {
    super(message);
    const failed = filled(new messages.ErrorResourceInitFailed(), {
      id,
      reasonsList,
      properties: toProperties(state),
      inputs: inputs && toProperties(inputs),
    });
    const packed = new any.Any();
    packed.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const answer = filled(new rpcStatus.Status(), { code: status.UNKNOWN, message, detailsList: [packed] });
    this.metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  }
}

/** Serves a resource provider as a plugin. */
export async function serveProvider(provider: ResourceProvider): Promise<void> {
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const done = () => new empty.Empty();
  const methods: Partial<IResourceProviderServer> = {
    handshake: unary(() => filled(new messages.ProviderHandshakeResponse(), { acceptSecrets: true })),
    attach: unary(done),
    getPluginInfo: pluginInfo(provider.version),
    checkConfig: unary((request) => filled(new messages.CheckResponse(), { inputs: request.getNews() })),
    diffConfig: unary((request) => {
      const [old, news] = [fromProperties(request.getOldInputs()), fromProperties(request.getNews())];
      const changes = isDeepStrictEqual(old, news) ? DIFF_NONE : DIFF_SOME;
      return filled(new messages.DiffResponse(), { changes, replacesList: provider.replacing?.(old, news) });
    }),
    configure: unary((request) => {
      provider.configure?.(new Map(request.getVariablesMap().getEntryList()));
      return filled(new messages.ConfigureResponse(), { acceptsecrets: true, supportspreview: true });
    }),
    check: unary(async (request) => {
      const inputs = await provider.check(request.getUrn(), fromProperties(request.getNews()));
      return filled(new messages.CheckResponse(), { inputs: toProperties(inputs) });
    }),
    diff: unary(async (request) => {
      const [old, news] = [fromProperties(request.getOldInputs()), fromProperties(request.getNews())];
      const { replaces, deleteBeforeReplace } = await provider.diff(old, news);
      return filled(new messages.DiffResponse(), {
        changes: replaces.length === 0 && isDeepStrictEqual(plain(old), plain(news)) ? DIFF_NONE : DIFF_SOME,
        replacesList: replaces,
        deletebeforereplace: deleteBeforeReplace,
      });
    }),
    create: unary(async (request) => {
      const how = { preview: request.getPreview(), seconds: request.getTimeout(), ignoreChanges: [] };
      const { id, state } = await provider.create(request.getUrn(), fromProperties(request.getProperties()), how);
      return filled(new messages.CreateResponse(), { id, properties: toProperties(state) });
    }),
    update: unary(async (request) => {
      const ignoreChanges = request.getIgnorechangesList();
      const how = { preview: request.getPreview(), seconds: request.getTimeout(), ignoreChanges };
      const [old, news] = [fromProperties(request.getOlds()), fromProperties(request.getNews())];
      const state = await provider.update?.(request.getUrn(), old, news, how);
      return filled(new messages.UpdateResponse(), { properties: state && toProperties(state) });
    }),
    read: unary(async (request) => {
      const [inputs, state] = [fromProperties(request.getInputs()), fromProperties(request.getProperties())];
      if (Object.keys(inputs).length === 0) {
        throw new Error(
          `The stand-ins import nothing: ${request.getId()} has to be imported with the official plugin.`,
        );
      }
      const found = await provider.read(request.getUrn(), request.getId(), { inputs, state });
      if (!found) return new messages.ReadResponse();
      const [properties, now] = [toProperties(found.state), toProperties(found.inputs)];
      return filled(new messages.ReadResponse(), { id: request.getId(), properties, inputs: now });
    }),
    delete: unary(async (request) => {
      await provider.delete?.(fromProperties(request.getProperties()), request.getTimeout());
      return done();
    }),
    cancel: unary(() => {
      provider.cancel?.();
      return done();
    }),
    invoke: unary((request) => {
      throw new Error(`The stand-ins have no function ${request.getTok()}: install the official plugin.`);
    }),
  };
  const { construct } = provider;
  if (construct) methods.construct = unary((request) => construct.call(provider, request));
  await servePlugin(services.ResourceProviderService, methods);
}
