import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ServerWritableStream } from "@grpc/grpc-js";
import messages, {
  type ProgramInfo,
  type RunPluginRequest,
  type RunPluginResponse,
  type RunRequest,
} from "@pulumi/pulumi/proto/language_pb.js";
import { policyPackProxy } from "./policy-pack-proxy.ts";

/** A process that ends with this code has told the user itself what is wrong. */
const alreadyReported = 32;

const running = new Set<ChildProcess>();

/** Ends every program and policy pack that was started here. */
export function endAll(signal: NodeJS.Signals): void {
  for (const child of running) child.kill(signal);
}

/** Runs a program to its end. The error is "" when it went well, and when it has told the user itself (`bail`). */
export async function runProgram(request: RunRequest, engine: string): Promise<{ error: string; bail: boolean }> {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const { environment, nodeArguments } = runtimeOptions(info);
  const named: [string, string][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engine],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["root-directory", info?.getRootDirectory() ?? ""],
    ["stack", request.getStack()],
    ["pwd", directory],
    ["parallel", String(request.getParallel())],
  ];
  const code = await end(
    spawn(
      "node",
      [
        ...nodeArguments,
        runner("run", directory),
        ...named.filter(([, value]) => value !== "").flatMap(([name, value]) => [`--${name}`, value]),
        ...(request.getDryrun() ? ["--dry-run"] : []),
        info?.getEntryPoint() ?? request.getProgram(),
        ...request.getArgsList(),
      ],
      {
        stdio: ["ignore", "inherit", "inherit"],
        env: {
          ...process.env,
          ...environment,
          PULUMI_CONFIG: JSON.stringify(configuration(request)),
          PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        },
      },
    ),
  );
  if (code === alreadyReported) return { error: "", bail: true };
  return { error: code === 0 ? "" : `Program exited with non-zero exit code: ${code}`, bail: false };
}

/** Runs a policy pack until it ends or the engine lets go of it. */
export async function runPolicyPack(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): Promise<void> {
  const { request } = call;
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? "";
  const { environment, nodeArguments } = runtimeOptions(info);
  const path = runner("run-policy-pack", directory);
  const proxy = await policyPackProxy();
  call.on("cancelled", () => proxy.close());
  call.write(output("stdout", Buffer.from(`${proxy.port}\n`)));
  const stack = await proxy.stack;
  if (call.cancelled) return;
  const known = {
    PULUMI_NODEJS_ORGANIZATION: stack?.getOrganization(),
    PULUMI_NODEJS_PROJECT: stack?.getProject(),
    PULUMI_NODEJS_STACK: stack?.getStack(),
    PULUMI_NODEJS_DRY_RUN: stack ? String(stack.getDryRun()) : undefined,
    PULUMI_CONFIG: stack ? JSON.stringify(Object.fromEntries(stack.getConfigMap().getEntryList())) : undefined,
  };
  const child = spawn("node", [path, ...nodeArguments, ...request.getArgsList(), directory], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...Object.fromEntries(request.getEnvList().map((entry) => entry.split(/=(.*)/s, 2))),
      ...environment,
      ...Object.fromEntries(Object.entries(known).filter(([, value]) => value)),
    },
  });
  call.on("cancelled", () => child.kill("SIGKILL"));
  let port = "";
  child.stdout.on("data", (chunk: Buffer) => {
    if (port.endsWith("\n")) call.write(output("stdout", chunk));
    else {
      const text = port + chunk.toString();
      const end = text.indexOf("\n") + 1;
      port = end > 0 ? text.slice(0, end) : text;
      if (end === 0) return;
      proxy.attach(Number(port)).catch(() => proxy.close());
      if (text.length > end) call.write(output("stdout", Buffer.from(text.slice(end))));
    }
  });
  child.stderr.on("data", (chunk: Buffer) => call.write(output("stderr", chunk)));
  const code = await end(child);
  proxy.close();
  const last = new messages.RunPluginResponse();
  last.setExitcode(code);
  call.write(last);
  call.end();
}

function output(stream: "stdout" | "stderr", chunk: Buffer): RunPluginResponse {
  const response = new messages.RunPluginResponse();
  if (stream === "stdout") response.setStdout(chunk);
  else response.setStderr(chunk);
  return response;
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
function runtimeOptions(info: ProgramInfo | undefined): {
  environment: Record<string, string>;
  nodeArguments: string[];
} {
  const options = info?.getOptions()?.toJavaScript() ?? {};
  const { typescript = true, tsconfig, nodeargs = "" } = options;
  return {
    environment: {
      ...(typescript === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" }),
      ...(typeof tsconfig === "string" ? { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig } : {}),
    },
    nodeArguments: words(String(nodeargs)),
  };
}

/** Splits like a shell: at blanks outside quotes. */
export function words(line: string): string[] {
  return (line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"),
  );
}

/** The configuration with its keys as the SDK reads them: `namespace:config:name`. */
function configuration(request: RunRequest): Record<string, string> {
  return Object.fromEntries(
    request
      .getConfigMap()
      .getEntryList()
      .map(([key, value]) => [key.replace(/^([^:]*):(?:config:)?/, "$1:config:"), value]),
  );
}
