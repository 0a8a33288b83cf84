import { join } from "node:path";
import { execa } from "execa";
import { ownCheckout } from "./paths.ts";
import { SandboxError } from "./progress.ts";
import { type Tool, target } from "./tool-catalogue.ts";
import { findOnPath } from "./tool-installed.ts";

/**
 * A static executable for this machine, whatever the user builds for otherwise; a workspace would replace our module.
 * Flags have a value, since an empty one would leave those of `go env -w` in force.
 */
const buildEnvironment = {
  GOOS: target.os,
  GOARCH: target.arch,
  GOFLAGS: "-trimpath",
  GOEXPERIMENT: "",
  GO111MODULE: "on",
  GOWORK: "off",
  CGO_ENABLED: "0",
};

/**
 * Builds a tool from its pinned Go module into `<folder>/<name>`.
 * Go's build cache keeps what was compiled, so an interrupted build continues where it stopped.
 * @throws SandboxError when Go is missing, or with the last lines of a failed build.
 */
export async function buildTool(tool: Tool, folder: string): Promise<void> {
  if ((await findOnPath("go")) === undefined) {
    throw new SandboxError(
      `${tool.name} ${tool.version} is neither installed nor could it be downloaded, and building it needs Go 1.26 or newer ` +
        `on PATH: install Go (https://go.dev/dl), or ${tool.name}, or let this machine reach ${new URL(tool.download.url).host}`,
    );
  }
  const variables = Object.entries(tool.build.variables).map(([name, value]) => `-X ${name}=${value}`);
  const result = await execa(
    "go",
    [
      "build",
      "-buildvcs=false",
      "-ldflags",
      ["-s -w", ...variables].join(" "),
      "-o",
      join(folder, tool.name),
      tool.build.package,
    ],
    {
      cwd: join(ownCheckout, "sandbox", "tools", tool.build.module),
      env: buildEnvironment,
      reject: false,
      stdin: "ignore",
    },
  );
  if (result.isTerminated) throw new SandboxError(`building ${tool.name} was interrupted; the next run continues it`);
  if (result.failed) {
    const reason = result.stderr.trim().split("\n").slice(-5).join("\n");
    throw new SandboxError(`building ${tool.name} ${tool.version} failed; the next run continues it:\n${reason}`);
  }
}
