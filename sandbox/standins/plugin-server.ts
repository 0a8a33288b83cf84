import {
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import rpcStatus from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { PropertyMap } from "./values.ts";

/** The engine's own limit for one message: large CRDs and states pass. */
const maxMessageBytes = 400 * 1024 * 1024;

/** Options of every gRPC server and client of the stand-ins. */
export const channelOptions = {
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
};

/** Serves on a free port of the loopback interface. */
export async function listen(addServices: (server: Server) => void): Promise<{ server: Server; port: number }> {
  const server = new Server(channelOptions);
  addServices(server);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { server, port };
}

/** Serves as a plugin process does: the port is the first line on standard output, and the engine's end is its own. */
export async function servePlugin(addServices: (server: Server) => void): Promise<void> {
  exitWithParent();
  const { port } = await listen(addServices);
  process.stdout.write(`${port}\n`);
}

/**
 * Ends this process when the one that started it is gone. A killed engine closes no plugin: without this, they stay.
 * @param before runs first, to end what this process started itself
 */
export function exitWithParent(before: () => void = () => {}): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      before();
      process.exit(1);
    }
  }, 300).unref();
}

/** A resource that exists but did not get ready: the engine records its state and reports the reasons. */
export class NotReady extends Error {
  readonly id: string;
  readonly reasons: readonly string[];
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap | undefined;
  constructor(message: string, id: string, reasons: readonly string[], properties: PropertyMap, inputs?: PropertyMap) {
    super(message);
    this.id = id;
    this.reasons = reasons;
    this.properties = properties;
    this.inputs = inputs;
  }
}

/** A method with one answer. What it throws reaches the user as the engine's one-line error. */
export function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          const metadata = error instanceof NotReady ? details(error) : new Metadata();
          callback({ code: status.UNKNOWN, details: message, metadata });
        },
      );
  };
}

/** Adds a service of which only some methods are there; the others answer that they are unimplemented. */
export function addMethods(server: Server, service: ServiceDefinition, methods: Partial<UntypedServiceImplementation>) {
  server.addService(service, methods as UntypedServiceImplementation);
}

function details(error: NotReady): Metadata {
  const failed = new provider.ErrorResourceInitFailed();
  failed.setId(error.id);
  failed.setReasonsList([...error.reasons]);
  failed.setProperties(struct.Struct.fromJavaScript(error.properties));
  if (error.inputs) failed.setInputs(struct.Struct.fromJavaScript(error.inputs));
  const packed = new any.Any();
  packed.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const response = new rpcStatus.Status();
  response.setCode(status.UNKNOWN);
  response.setMessage(error.message);
  response.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(response.serializeBinary()));
  return metadata;
}
