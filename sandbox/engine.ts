import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { execa } from "execa";
import { parse } from "yaml";
import { preventEngineLog } from "./engine-log.ts";
import { hardLinkIfChanged, symlinkIfChanged } from "./files.ts";
import type { SandboxPaths } from "./paths.ts";
import { SandboxError } from "./progress.ts";
import { sandboxStackFile, yamlProblem } from "./project.ts";

/**
 * Puts pulumi, kubectl and helm into the sandbox's folder on PATH. The engine looks for its language hosts beside its own file,
 * links followed, so it gets a hard link (a copy across disks); the others are links.
 */
export async function installCommands(paths: SandboxPaths, tools: Map<string, string>): Promise<void> {
  await mkdir(paths.bin, { recursive: true });
  for (const name of ["pulumi", "kubectl", "helm"]) {
    const tool = tools.get(name);
    if (tool === undefined) throw new SandboxError(`the sandbox needs ${name}, and it was not provided`);
    await (name === "pulumi" ? hardLinkIfChanged : symlinkIfChanged)(tool, join(paths.bin, name));
  }
  await preventEngineLog(paths);
}

/** Name of the project in a folder; undefined where there is none. @throws SandboxError where its file is no YAML */
export async function projectName(checkout: string): Promise<string | undefined> {
  const file = await readFile(join(checkout, "Pulumi.yaml"), "utf8").catch(() => undefined);
  if (file === undefined) return undefined;
  const problem = yamlProblem("Pulumi.yaml", file);
  if (problem !== undefined) throw new SandboxError(problem);
  return (parse(file) as { name?: string } | null)?.name;
}

function stateFolder(paths: SandboxPaths, project: string): string {
  return join(paths.state, ".pulumi", "stacks", project);
}

/** How to read a state by what follows `.json` in its name: which it is, an engine chose that ran with `PULUMI_DIY_BACKEND_GZIP` or without. */
const encodings: Readonly<Record<string, (content: Buffer) => Buffer>> = {
  "": (content) => content,
  ".gz": (content) => gunzipSync(content),
  ".zst": (content) => zstdDecompressSync(content),
};

/** The resources of a stack in the sandbox's state; none where it was never deployed. */
export async function stackResources(checkout: string, paths: SandboxPaths, stack: string): Promise<{ urn: string }[]> {
  const file = join(stateFolder(paths, (await projectName(checkout)) ?? ""), `${stack}.json`);
  for (const [extension, decode] of Object.entries(encodings)) {
    const content = await readFile(`${file}${extension}`).catch(() => undefined);
    if (content === undefined) continue;
    const { checkpoint } = JSON.parse(decode(content).toString()) as {
      checkpoint?: { latest?: { resources?: { urn: string }[] } };
    };
    return checkpoint?.latest?.resources ?? [];
  }
  return [];
}

/**
 * Creates stacks in the sandbox's state where they are missing.
 * @throws SandboxError with what the engine said.
 */
export async function createStacks(
  checkout: string,
  paths: SandboxPaths,
  env: NodeJS.ProcessEnv,
  stacks: readonly string[],
): Promise<void> {
  const project = await projectName(checkout);
  if (project === undefined) return;
  await mkdir(paths.state, { recursive: true });
  const known: string[] = await readdir(stateFolder(paths, project)).catch(() => []);
  const isKnown = (name: string) =>
    Object.keys(encodings).some((extension) => known.includes(`${name}.json${extension}`));
  for (const stack of stacks.filter((name) => !isKnown(name))) {
    const settings = join(paths.project, `Pulumi.${stack}.yaml`);
    const before = await readFile(settings, "utf8").catch(() => "");
    // The engine creates no stack whose file it cannot read; it shall know the stack, and say what is wrong with its file.
    const readable = yamlProblem(settings, before) === undefined;
    if (!readable) await writeFile(settings, "");
    const options = { cwd: paths.project, env, extendEnv: false, reject: false, stdin: "ignore" } as const;
    const result = await execa("pulumi", ["stack", "init", stack, "--no-select", "--non-interactive"], options);
    if (result.failed) throw new SandboxError(`stack ${stack} could not be created:\n${result.stderr.trim()}`);
    // The engine has written the salt of the passphrase, and plain numbers as strings: of that, only the salt is wanted.
    await writeFile(settings, readable ? sandboxStackFile(before, await readFile(settings, "utf8")) : before);
  }
}
