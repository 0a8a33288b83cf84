import { createRequire } from "node:module";
import type { Server } from "@grpc/grpc-js";
import type {
  AnalyzeRequest,
  AnalyzerResource,
  AnalyzerStackConfigureRequest,
  AnalyzeStackRequest,
  ConfigureAnalyzerRequest,
  PolicyConfig,
} from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { PulumiResource } from "./kubernetes/pulumi-resource.ts";
import type { Level } from "./rule.ts";

/** What the engine tells a pack, of which the SDK keeps most from its policies or decodes it anew for each of them. */
export interface Announcements {
  /** The stack's configuration, before the engine asks for the policies and their levels. */
  stack(config: ReadonlyMap<string, string>): void;
  /** The level and the options for each name in the pack's configuration, misspelled names included. */
  configuration(
    options: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
    levels: ReadonlyMap<string, Level>,
  ): void;
  /** A resource by its inputs, which the policies are asked about next. */
  resource(resource: PulumiResource): void;
  /** Whether a policy would set something right in a resource, which the policies are asked about next. */
  isWrong(decoded: () => PulumiResource): boolean;
  /** All resources of the stack by their outputs, which the policies are asked about next. */
  resources(resources: readonly PulumiResource[]): void;
}

type Answer = (error: { code: number; message: string } | null, response?: unknown) => void;
type Handler<Request> = (call: { request: Request }, answer: Answer) => void;
interface AnalyzerService {
  configure: Handler<ConfigureAnalyzerRequest>;
  configureStack: Handler<AnalyzerStackConfigureRequest>;
  analyze: Handler<AnalyzeRequest>;
  remediate: Handler<AnalyzeRequest>;
  analyzeStack: Handler<AnalyzeStackRequest>;
}

const invalidArgument = 3;

/** The engine's levels, by their numbers in the protocol. */
const levels: readonly Level[] = ["advisory", "mandatory", "disabled", "remediate"];

function levelOf(config: PolicyConfig): Level {
  return levels[config.getEnforcementlevel()] ?? "mandatory";
}

/**
 * Starts a pack's server so that it hears the announcements. What one throws is the engine's error message, in one
 * line. The SDK offers no way to hear them, so for as long as `serve` runs, and no longer, its gRPC library hands over
 * the handlers that are added.
 *
 * Resources are decoded here, once, and the SDK's own handlers get requests without them: they would decode each
 * resource again for every policy, which with a hundred policies costs more than the preview itself.
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
      configure: hearing(sdk.configure, (request) => {
        const names = request.getPolicyconfigMap();
        const configured = names.getEntryList().map(([name]) => [name, names.get(name)] as const);
        announcements.configuration(
          new Map(configured.map(([name, config]) => [name, config?.getProperties()?.toJavaScript() ?? {}])),
          new Map(configured.flatMap(([name, config]) => (config ? [[name, levelOf(config)]] : []))),
        );
      }),
      analyze: ({ request }, answer) => {
        announcements.resource(decoded(request));
        sdk.analyze({ request: withoutProperties(request) }, answer);
      },
      remediate: ({ request }, answer) => {
        const isWrong = announcements.isWrong(() => decoded(request));
        sdk.remediate({ request: isWrong ? request : withoutProperties(request) }, answer);
      },
      analyzeStack: ({ request }, answer) => {
        announcements.resources(request.getResourcesList().map(decoded));
        sdk.analyzeStack({ request: without(request, { getResourcesList: [] }) }, answer);
      },
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

function withoutProperties(request: AnalyzeRequest): AnalyzeRequest {
  const empty = request.getProperties()?.clone() as Struct | undefined;
  empty?.clearFieldsMap();
  return without(request, { getProperties: empty, getProvider: undefined });
}

/** The same request, some of whose getters answer otherwise. */
function without<Request extends object>(request: Request, answers: Record<string, unknown>): Request {
  return Object.create(
    request,
    Object.fromEntries(Object.entries(answers).map(([getter, answer]) => [getter, { value: () => answer }])),
  );
}

function decoded(request: AnalyzeRequest | AnalyzerResource): PulumiResource {
  const options = request.getOptions();
  const parent = options?.getParent();
  const provider = request.getProvider()?.getUrn();
  return {
    type: request.getType(),
    name: request.getName(),
    props: plain(request.getProperties()?.toJavaScript() ?? {}) as PulumiResource["props"],
    resource: {
      urn: request.getUrn(),
      ...(parent ? { parent } : {}),
      ...(provider ? { provider } : {}),
      protect: options?.getProtect() ?? false,
      ignoreChanges: options?.getIgnorechangesList() ?? [],
      deleteBeforeReplace: options?.getDeletebeforereplace() ?? false,
    },
  };
}

const signatureKey = "4dabf18193072939515e22adb298388d";
/** The signatures of values that are wrapped because they are secret, or outputs that may be. */
const wrappers: readonly unknown[] = ["1b47061264138c4ac30d75fd1eb44270", "d0e6a833031e9bbcd3f4e8bde6ca49a4"];

/** A value of Pulumi's wire format with what is secret in it like everything else; unknown values stay as they are. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const map = value as Readonly<Record<string, unknown>>;
  if (wrappers.includes(map[signatureKey])) return plain(map.value);
  return Object.fromEntries(Object.entries(map).map(([key, inner]) => [key, plain(inner)]));
}

/** The gRPC library that the SDK itself uses, which need not be the one next to this pack. */
function sdkGrpc(): { Server: typeof Server } {
  const sdk = createRequire(import.meta.url).resolve("@pulumi/policy");
  return createRequire(sdk)("@grpc/grpc-js") as { Server: typeof Server };
}
