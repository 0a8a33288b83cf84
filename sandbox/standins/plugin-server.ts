import {
  credentials,
  type handleUnaryCall,
  type Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";

/** The engine's own limit for one message: large CRDs and states pass. */
const maxMessageBytes = 400 * 1024 * 1024;

/** Options of every gRPC server and client of the stand-ins. */
export const channelOptions = {
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
  // All of them are on this machine, and the library would ask the proxy of http_proxy for 127.0.0.1 too.
  "grpc.enable_http_proxy": 0,
};

/**
 * Serves as a plugin process does: the port is the first line on standard output, and the engine's end is its own.
 * Methods that are missing are answered as unimplemented.
 * @param before runs before this process ends, to end what it started itself
 */
export async function servePlugin(
  service: ServiceDefinition,
  methods: Partial<UntypedServiceImplementation>,
  before: () => void = () => {},
): Promise<void> {
  const server = new Server(channelOptions);
  server.addService(service, methods as UntypedServiceImplementation);
  // A killed engine closes no plugin: without this, they stay.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    before();
    process.exit(1);
  }, 300).unref();
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}

/** A method with one answer. What it throws reaches the user as the engine's one-line error. */
export function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    try {
      callback(null, await answer(call.request));
    } catch (error) {
      const { message = String(error), metadata } = error as { message?: string; metadata?: Metadata };
      callback({ code: status.UNKNOWN, details: message, ...(metadata ? { metadata } : {}) });
    }
  };
}

/** What the setters of a message take, by the names of its fields. */
type Fields<Message> = {
  [Setter in keyof Message as Setter extends `set${infer Field}`
    ? Uncapitalize<Field>
    : never]?: Message[Setter] extends (value: infer Value) => unknown ? Value | undefined : never;
};

/** The message with fields set: `filled(response, { id })` calls `response.setId(id)`. Undefined ones stay unset. */
export function filled<Message extends object>(message: Message, fields: Fields<Message>): Message {
  const setters = message as Record<string, (value: unknown) => void>;
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined) setters[`set${field.charAt(0).toUpperCase()}${field.slice(1)}`]?.(value);
  }
  return message;
}

/** The answer to the engine's question for a plugin's version. */
export function pluginInfo(version: string) {
  return unary(() => filled(new plugin.PluginInfo(), { version }));
}

/** The engine's log: with it, a plugin's words stand beside a resource while the engine works. */
export class EngineLog {
  readonly #client = new engineServices.EngineClient(
    process.argv.at(-1) ?? "",
    credentials.createInsecure(),
    channelOptions,
  );

  /** A warning that stays. */
  warn(urn: string, message: string): void {
    const severity = engine.LogSeverity.WARNING;
    this.#client.log(filled(new engine.LogRequest(), { urn, message, severity }), () => {});
  }

  /** What is waited for; the next one, or an empty one, takes its place. */
  status(urn: string, message: string): void {
    const severity = engine.LogSeverity.INFO;
    this.#client.log(filled(new engine.LogRequest(), { urn, message, severity, ephemeral: true }), () => {});
  }
}
