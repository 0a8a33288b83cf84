/**
 * Stand-in for the Node.js language host: runs programs and policy packs by their own Pulumi SDK, as the official host
 * does. It names no required plugins, since there is nothing to choose: those of the sandbox are in place.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ServerWritableStream } from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import messages, {
  type ProgramInfo,
  type RunPluginRequest,
  type RunPluginResponse,
  type RunRequest,
} from "@pulumi/pulumi/proto/language_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { filled, pluginInfo, servePlugin, unary } from "./plugin-server.ts";

/** A process that ends with this code has told the user itself what is wrong. */
const alreadyReported = 32;

const running = new Set<ChildProcess>();
let engineAddress = process.argv.at(-1) ?? "";

const methods: Partial<ILanguageRuntimeServer> = {
  handshake: unary((request) => {
    engineAddress = request.getEngineAddress();
    return new messages.LanguageHandshakeResponse();
  }),
  getPluginInfo: pluginInfo("3.259.0"),
  getRequiredPackages: unary(() => new messages.GetRequiredPackagesResponse()),
  run: unary(async (request) => {
    const code = await end(startProgram(request));
    const failed = code !== 0 && code !== alreadyReported;
    return filled(new messages.RunResponse(), {
      error: failed ? `Program exited with non-zero exit code: ${code}` : "",
      bail: code === alreadyReported,
    });
  }),
  runPlugin: (call) => {
    runPolicyPack(call).catch((error: unknown) => call.destroy(error as Error));
  },
  cancel: unary(() => {
    endAll("SIGINT");
    return new empty.Empty();
  }),
};

/** Ends every program and policy pack that was started here. */
function endAll(signal: NodeJS.Signals): void {
  for (const child of running) child.kill(signal);
}

function startProgram(request: RunRequest): ChildProcess {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? "";
  const { environment, nodeArguments } = runtimeOptions(info);
  const named = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info?.getRootDirectory() ?? "",
    stack: request.getStack(),
    pwd: directory,
    parallel: String(request.getParallel()),
  };
  const words = Object.entries(named).flatMap(([name, value]) => [`--${name}`, value]);
  if (request.getDryrun()) words.push("--dry-run");
  // The SDK reads the keys of the configuration as `namespace:config:name`.
  const config = request.getConfigMap().getEntryList();
  const configuration = config.map(([key, value]) => [key.replace(/^([^:]*):(?:config:)?/, "$1:config:"), value]);
  return spawn("node", [...nodeArguments, runner("run", directory), ...words, info?.getEntryPoint() ?? "."], {
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      ...environment,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(configuration)),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  });
}

/** Runs a policy pack, which speaks with the engine itself, until it ends or the engine lets go of it. */
async function runPolicyPack(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): Promise<void> {
  const { request } = call;
  if (request.getKind() !== "analyzer") {
    throw new Error(
      `The stand-in language host runs programs and policy packs, not the ${request.getKind()} ${request.getName()}.`,
    );
  }
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? "";
  const { environment, nodeArguments } = runtimeOptions(info);
  const words = [...nodeArguments, ...request.getArgsList(), directory];
  const child = spawn("node", [runner("run-policy-pack", directory), ...words], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...Object.fromEntries(request.getEnvList().map((entry) => entry.split(/=(.*)/s, 2))), ...environment },
  });
  call.on("cancelled", () => child.kill("SIGKILL"));
  const response = () => new messages.RunPluginResponse();
  child.stdout.on("data", (stdout: Buffer) => call.write(filled(response(), { stdout })));
  child.stderr.on("data", (stderr: Buffer) => call.write(filled(response(), { stderr })));
  call.write(filled(response(), { exitcode: await end(child) }));
  call.end();
}

/** The exit code, once a process has ended; 1 where a signal ended it. */
function end(child: ChildProcess): Promise<number> {
  running.add(child);
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`node could not be started: ${error.message}`)));
    child.on("close", (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}

/** The script of the program's own SDK that runs a program or a pack. */
function runner(kind: "run" | "run-policy-pack", directory: string): string {
  try {
    return createRequire(join(directory, "index.js")).resolve(`@pulumi/pulumi/cmd/${kind}`);
  } catch {
    throw new Error(`The Pulumi SDK is not installed in ${directory}: run \`npm ci\` there.`);
  }
}

/** What `runtime.options` of Pulumi.yaml and PulumiPolicy.yaml means for the process. */
function runtimeOptions(info: ProgramInfo | undefined) {
  const { typescript = true, nodeargs = "", ...others } = info?.getOptions()?.toJavaScript() ?? {};
  if (Object.keys(others).length > 0) {
    throw new Error(
      `runtime.options: the stand-in language host has typescript and nodeargs, not ${Object.keys(others).join(", ")}.`,
    );
  }
  return {
    environment: typescript === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" },
    nodeArguments: String(nodeargs).split(" ").filter(Boolean),
  };
}

await servePlugin(services.LanguageRuntimeService, methods, () => endAll("SIGKILL"));
