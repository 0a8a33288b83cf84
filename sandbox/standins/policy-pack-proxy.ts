import { Client, credentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages, { type AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb.js";
import { channelOptions, listen, unary } from "./plugin-server.ts";

/** Stands between the engine and a policy pack. */
export interface PolicyPackProxy {
  /** Where the engine finds the pack. */
  port: number;
  /** What the engine tells about the stack, or undefined if it asks for the pack's policies without. */
  stack: Promise<AnalyzerStackConfigureRequest | undefined>;
  /** Passes everything on to the pack's own server. */
  attach(port: number): Promise<void>;
  close(): void;
}

/**
 * A pack reads organization, project, stack and configuration from its environment when it starts, but the engine
 * tells them to a running pack. So this answers first, and the pack is started when they are known, as the official
 * language host does.
 */
export async function policyPackProxy(): Promise<PolicyPackProxy> {
  const configured = Promise.withResolvers<AnalyzerStackConfigureRequest | undefined>();
  const attached = Promise.withResolvers<Client>();
  const definition = services.AnalyzerService as unknown as ServiceDefinition;
  const raw = (buffer: Buffer) => buffer;
  const methods: UntypedServiceImplementation = {};
  const passed: Record<string, ServiceDefinition[string]> = {};
  for (const [name, method] of Object.entries(definition)) {
    if (name === "handshake" || name === "configureStack") {
      passed[name] = method;
      continue;
    }
    passed[name] = { ...method, requestDeserialize: raw, responseSerialize: raw };
    methods[name] = unary<Buffer, Buffer>(async (request) => {
      configured.resolve(undefined);
      return send(await attached.promise, method.path, request);
    });
  }
  methods.handshake = unary(() => new messages.AnalyzerHandshakeResponse());
  methods.configureStack = unary((request: AnalyzerStackConfigureRequest) => {
    configured.resolve(request);
    return new messages.AnalyzerStackConfigureResponse();
  });
  const { server, port } = await listen((grpc) => grpc.addService(passed, methods));
  attached.promise.catch(() => {});
  return {
    port,
    stack: configured.promise,
    async attach(packPort) {
      const client = new Client(`127.0.0.1:${packPort}`, credentials.createInsecure(), channelOptions);
      const stack = await configured.promise;
      if (stack) {
        const path = definition.configureStack?.path ?? "";
        const refusal = await send(client, path, Buffer.from(stack.serializeBinary())).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (refusal && (refusal as { code?: number }).code !== unimplemented) return attached.reject(refusal);
      }
      attached.resolve(client);
    },
    close() {
      attached.reject(new Error("The policy pack has ended."));
      server.forceShutdown();
    },
  };
}

const unimplemented = 12;

function send(client: Client, path: string, request: Buffer): Promise<Buffer> {
  const raw = (buffer: Buffer) => buffer;
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest(path, raw, raw, request, (error, response) =>
      error
        ? reject(Object.assign(new Error(error.details), { code: error.code }))
        : resolve(response ?? Buffer.alloc(0)),
    ),
  );
}
