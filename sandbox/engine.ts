import { access, copyFile, link, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import type { SandboxPaths } from "./paths.ts";
import { SandboxError } from "./progress.ts";
import { stackNames } from "./project.ts";

/**
 * Puts pulumi, kubectl and helm into the sandbox's folder on PATH. The engine looks for its language hosts beside its own file,
 * links followed, so it gets a hard link (a copy across disks); the others are links.
 */
export async function installCommands(paths: SandboxPaths, tools: Map<string, string>): Promise<void> {
  await mkdir(paths.bin, { recursive: true });
  for (const name of ["pulumi", "kubectl", "helm"]) {
    const tool = tools.get(name);
    if (tool === undefined) throw new SandboxError(`the sandbox needs ${name}, and it was not provided`);
    const file = join(paths.bin, name);
    await rm(file, { force: true });
    if (name === "pulumi") await link(tool, file).catch(() => copyFile(tool, file));
    else await symlink(tool, file);
  }
}

/** Creates the stacks of the checkout's stack files in the sandbox's state, where they are missing. */
export async function createStacks(checkout: string, paths: SandboxPaths, env: NodeJS.ProcessEnv): Promise<string[]> {
  const file = await readFile(join(checkout, "Pulumi.yaml"), "utf8").catch(() => undefined);
  if (file === undefined) return [];
  const { name: project } = parse(file) as { name: string };
  await mkdir(paths.state, { recursive: true });
  const stacks = await stackNames(checkout);
  for (const stack of stacks) {
    const exists = await access(join(paths.state, ".pulumi", "stacks", project, `${stack}.json`)).then(
      () => true,
      () => false,
    );
    if (exists) continue;
    const result = await execa("pulumi", ["stack", "init", stack, "--no-select", "--non-interactive"], {
      cwd: paths.project,
      env,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
    if (result.failed) throw new SandboxError(`stack ${stack} could not be created:\n${result.stderr.trim()}`);
  }
  return stacks;
}
