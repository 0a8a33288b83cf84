/**
 * Stand-in for the Node.js language host: tells the engine which plugins a program needs, and runs programs and
 * policy packs by their own Pulumi SDK, as the official host does.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerWritableStream } from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import messages, { type RunPluginRequest, type RunPluginResponse } from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { endAll, runPolicyPack, runProgram } from "./node-processes.ts";
import { addMethods, exitWithParent, servePlugin, unary } from "./plugin-server.ts";
import { installedPackages, requiredPlugins } from "./required-packages.ts";

const version = "3.259.0";
let engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";

const methods: Partial<ILanguageRuntimeServer> = {
  handshake: unary((request) => {
    engineAddress = request.getEngineAddress();
    return new messages.LanguageHandshakeResponse();
  }),
  getPluginInfo: unary(() => {
    const info = new plugin.PluginInfo();
    info.setVersion(version);
    return info;
  }),
  getRequiredPackages: unary((request) => {
    const response = new messages.GetRequiredPackagesResponse();
    response.setPackagesList(
      requiredPlugins(request.getInfo()?.getProgramDirectory() ?? "").map((required) => {
        const dependency = new plugin.PackageDependency();
        dependency.setKind("resource");
        dependency.setName(required.name);
        dependency.setVersion(required.version);
        dependency.setServer(required.server);
        return dependency;
      }),
    );
    return response;
  }),
  getProgramDependencies: unary((request) => {
    const directory = request.getInfo()?.getProgramDirectory() ?? "";
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      readFileSync(join(directory, "package.json"), "utf8"),
    );
    const direct = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
    const response = new messages.GetProgramDependenciesResponse();
    response.setDependenciesList(
      installedPackages(directory)
        .filter(({ name }) => request.getTransitivedependencies() || direct.has(name))
        .map(({ name, version: installed }) => {
          const dependency = new messages.DependencyInfo();
          dependency.setName(name);
          dependency.setVersion(installed);
          return dependency;
        }),
    );
    return response;
  }),
  about: unary(() => {
    const response = new messages.AboutResponse();
    const script = "console.log(JSON.stringify([process.execPath, process.version]))";
    const [executable, node] = JSON.parse(execFileSync("node", ["-e", script], { encoding: "utf8" }));
    response.setExecutable(executable);
    response.setVersion(node);
    return response;
  }),
  run: unary(async (request) => {
    const response = new messages.RunResponse();
    const { error, bail } = await runProgram(request, engineAddress);
    response.setError(error);
    response.setBail(bail);
    return response;
  }),
  runPlugin: (call: ServerWritableStream<RunPluginRequest, RunPluginResponse>) => {
    const { request } = call;
    if (request.getKind() !== "analyzer") {
      const name = request.getName() || request.getInfo()?.getProgramDirectory();
      call.destroy(
        new Error(`The stand-in language host runs policy packs only, not the ${request.getKind()} ${name}.`),
      );
      return;
    }
    runPolicyPack(call).catch((error: unknown) =>
      call.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  },
  installDependencies: (call) => {
    call.destroy(new Error("The stand-in language host installs nothing: run `npm ci`."));
  },
  cancel: unary(() => {
    endAll("SIGINT");
    return new empty.Empty();
  }),
};

exitWithParent(() => endAll("SIGKILL"));
await servePlugin((server) => addMethods(server, services.LanguageRuntimeService, methods));
