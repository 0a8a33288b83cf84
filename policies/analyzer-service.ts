import { createRequire } from "node:module";
import type { Server } from "@grpc/grpc-js";
import type { AnalyzerStackConfigureRequest, ConfigureAnalyzerRequest } from "@pulumi/pulumi/proto/analyzer_pb.js";

/** What the engine tells a pack before the first resource, of which the SDK keeps the pack from knowing most. */
export interface Announcements {
  /** The stack's configuration, before the engine asks for the policies and their levels. */
  stack(config: ReadonlyMap<string, string>): void;
  /** The options given for each name in the pack's configuration, misspelled names included. */
  configuration(options: ReadonlyMap<string, readonly string[]>): void;
}

type Answer = (error: { code: number; message: string } | null, response?: unknown) => void;
type Handler<Request> = (call: { request: Request }, answer: Answer) => void;
interface AnalyzerService {
  configure: Handler<ConfigureAnalyzerRequest>;
  configureStack: Handler<AnalyzerStackConfigureRequest>;
}

const invalidArgument = 3;

/**
 * Starts a pack's server so that it hears both announcements. What either throws is the engine's error message, in
 * one line. The SDK offers no way to hear them, so for as long as `serve` runs, and no longer, its gRPC library hands
 * over the handlers that are added.
 * @param serve makes the `PolicyPack`, which starts the server before it returns
 */
export function serveWith(announcements: Announcements, serve: () => void): void {
  const { prototype } = sdkGrpc().Server;
  const { addService } = prototype;
  prototype.addService = function (service, handlers) {
    const sdk = handlers as unknown as AnalyzerService;
    const heard: AnalyzerService = {
      ...sdk,
      configureStack: hearing(sdk.configureStack, (request) =>
        announcements.stack(new Map(request.getConfigMap().getEntryList())),
      ),
      configure: hearing(sdk.configure, (request) =>
        announcements.configuration(
          new Map(
            request
              .getPolicyconfigMap()
              .getEntryList()
              .map(([name]) => [
                name,
                Object.keys(request.getPolicyconfigMap().get(name)?.getProperties()?.toJavaScript() ?? {}),
              ]),
          ),
        ),
      ),
    };
    addService.call(this, service, { ...heard });
  };
  try {
    serve();
  } finally {
    prototype.addService = addService;
  }
}

function hearing<Request>(handler: Handler<Request>, hear: (request: Request) => void): Handler<Request> {
  return (call, answer) => {
    try {
      hear(call.request);
    } catch (error) {
      answer({ code: invalidArgument, message: error instanceof Error ? error.message : String(error) });
      return;
    }
    handler(call, answer);
  };
}

/** The gRPC library that the SDK itself uses, which need not be the one next to this pack. */
function sdkGrpc(): { Server: typeof Server } {
  const sdk = createRequire(import.meta.url).resolve("@pulumi/policy");
  return createRequire(sdk)("@grpc/grpc-js") as { Server: typeof Server };
}
