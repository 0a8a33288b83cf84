import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { urnOf } from "./objects.ts";

export { urnOf };

const levels = ["advisory", "mandatory", "disabled", "remediate"] as const;

/** A resource as a test writes it down. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly props?: object;
  readonly parent?: string;
}

/** A policy violation as the engine gets it. */
export interface Violation {
  readonly rule: string;
  readonly level: string | undefined;
  readonly message: string;
  readonly urn: string;
}

/**
 * The pack as the engine has it: the SDK's runner in a process of its own, asked over gRPC, so that rules meet the
 * SDK's real wrappers around what they judge.
 */
export class PackServer {
  readonly #process: ChildProcess;
  readonly #client: AnalyzerClient;

  private constructor(process: ChildProcess, client: AnalyzerClient) {
    this.#process = process;
    this.#client = client;
  }

  /** Starts the pack; ends with what it wrote to standard error if it does not start. */
  static async start(environment: Record<string, string> = {}): Promise<PackServer> {
    const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
      cwd: fileURLToPath(new URL("../../policies", import.meta.url)),
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let complaint = "";
    child.stderr.on("data", (text) => {
      complaint += text;
    });
    const closed = once(child, "close").then(() => Promise.reject(new Error(complaint)));
    closed.catch(() => {}); // It also closes at the end of a test that has long stopped waiting for it.
    const [port] = await Promise.race([once(createInterface(child.stdout), "line"), closed]);
    return new PackServer(child, new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure()));
  }

  async stop(): Promise<void> {
    this.#client.close();
    this.#process.kill();
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, "close");
  }

  /** Tells the pack the stack's configuration, as the engine does before anything else. */
  async announceStack(config: Record<string, string>): Promise<void> {
    const request = new analyzer.AnalyzerStackConfigureRequest();
    for (const [key, value] of Object.entries(config)) request.getConfigMap().set(key, value);
    await answer((done) => this.#client.configureStack(request, done));
  }

  /** The level of each policy, as the engine would apply it without any configuration. */
  async levels(): Promise<Record<string, (typeof levels)[number] | undefined>> {
    const info = await answer<InstanceType<typeof analyzer.AnalyzerInfo>>((done) =>
      this.#client.getAnalyzerInfo(new empty.Empty(), done),
    );
    return Object.fromEntries(info.getPoliciesList().map((p) => [p.getName(), levels[p.getEnforcementlevel()]]));
  }

  /** Configures the pack as the engine does. */
  async configure(
    config: Record<string, { level?: (typeof levels)[number]; options?: Record<string, JavaScriptValue> }>,
  ): Promise<void> {
    const request = new analyzer.ConfigureAnalyzerRequest();
    for (const [name, { level = "mandatory", options = {} }] of Object.entries(config)) {
      const policy = new analyzer.PolicyConfig();
      policy.setEnforcementlevel(levels.indexOf(level) as 0 | 1 | 2 | 3);
      policy.setProperties(structs.Struct.fromJavaScript(options));
      request.getPolicyconfigMap().set(name, policy);
    }
    await answer((done) => this.#client.configure(request, done));
  }

  /** Judges one resource before it is made. */
  async analyze(resource: Resource): Promise<Violation[]> {
    return violations(await answer((done) => this.#client.analyze(requestFor(resource), done)));
  }

  /** What the pack makes of a resource before it judges it: each rule that changed it, with all its inputs afterwards. */
  async remediate(resource: Resource): Promise<{ rule: string; props: unknown }[]> {
    const response = await answer<InstanceType<typeof analyzer.RemediateResponse>>((done) =>
      this.#client.remediate(requestFor(resource), done),
    );
    return response
      .getRemediationsList()
      .map((one) => ({ rule: one.getPolicyname(), props: one.getProperties()?.toJavaScript() }));
  }

  /** Judges all resources of a stack together. */
  async analyzeStack(resources: readonly Resource[]): Promise<Violation[]> {
    const request = new analyzer.AnalyzeStackRequest();
    request.setResourcesList(
      resources.map((resource) => {
        const item = new analyzer.AnalyzerResource();
        item.setType(resource.type);
        item.setName(resource.name);
        item.setUrn(urnOf(resource));
        item.setProperties(struct(resource));
        const options = new analyzer.AnalyzerResourceOptions();
        options.setParent(resource.parent ?? "");
        item.setOptions(options);
        item.setParent(resource.parent ?? "");
        return item;
      }),
    );
    return violations(await answer((done) => this.#client.analyzeStack(request, done)));
  }
}

function requestFor(resource: Resource): InstanceType<typeof analyzer.AnalyzeRequest> {
  const request = new analyzer.AnalyzeRequest();
  request.setType(resource.type);
  request.setName(resource.name);
  request.setUrn(urnOf(resource));
  request.setProperties(struct(resource));
  request.setOptions(new analyzer.AnalyzerResourceOptions());
  return request;
}

function struct({ props = {} }: Resource): structs.Struct {
  return structs.Struct.fromJavaScript(JSON.parse(JSON.stringify(props)));
}

function violations(response: InstanceType<typeof analyzer.AnalyzeResponse>): Violation[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    rule: diagnostic.getPolicyname(),
    level: levels[diagnostic.getEnforcementlevel()],
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  }));
}

function answer<Response>(
  ask: (done: (error: ServiceError | null, response: Response) => void) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => ask((error, response) => (error ? reject(error) : resolve(response))));
}
