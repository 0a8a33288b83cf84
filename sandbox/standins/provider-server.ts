import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { addMethods, servePlugin, unary } from "./plugin-server.ts";
import type { PropertyMap } from "./values.ts";

/** Properties as the protocol carries them → as JSON, secrets still wrapped. */
export function fromProperties(sent: ReturnType<typeof toProperties> | undefined): PropertyMap {
  return (sent?.toJavaScript() ?? {}) as PropertyMap;
}

/** Properties → as the protocol carries them. */
export function toProperties(properties: PropertyMap) {
  return struct.Struct.fromJavaScript(properties);
}

/**
 * Serves a resource provider: the methods given, plus those that are the same for each of ours. What is missing from
 * both, the engine is told to be unimplemented.
 */
export async function serveProvider(
  name: string,
  version: string,
  methods: Partial<IResourceProviderServer>,
): Promise<void> {
  const shared: Partial<IResourceProviderServer> = {
    handshake: unary(() => {
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    }),
    attach: unary(() => new empty.Empty()),
    cancel: unary(() => new empty.Empty()),
    checkConfig: unary((request) => {
      const response = new messages.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: unary(() => {
      const response = new messages.DiffResponse();
      response.setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE);
      return response;
    }),
    configure: unary(() => configured()),
    getPluginInfo: unary(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(version);
      return info;
    }),
    getSchema: unary(() => {
      const response = new messages.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name, version }));
      return response;
    }),
    getMapping: unary(() => new messages.GetMappingResponse()),
    getMappings: unary(() => new messages.GetMappingsResponse()),
  };
  await servePlugin((server) => addMethods(server, services.ResourceProviderService, { ...shared, ...methods }));
}

/** The answer to Configure: secrets stay wrapped, and previews reach Create and Update. */
export function configured() {
  const response = new messages.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  return response;
}
