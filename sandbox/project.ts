import { mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isMap, parseDocument, visit } from "yaml";
import type { SandboxPaths } from "./paths.ts";

/*
 * The engine runs in a folder of the sandbox and not in the checkout, because it writes into stack files (`encryptionsalt`, config set).
 * Everything but Pulumi.yaml and the stack files is a link, so what runs is what is in the checkout.
 */

const stackFile = /^Pulumi\.(?:([A-Za-z0-9._-]+)\.)?yaml$/;

/** Pulumi.yaml and the stack files of a checkout; what is called like one and is a folder, or a link to nothing, is none. */
async function settingsFiles(checkout: string): Promise<string[]> {
  const named = (await readdir(checkout)).filter((entry) => stackFile.test(entry)).sort();
  const isFile = (entry: string) =>
    stat(join(checkout, entry)).then(
      (found) => found.isFile(),
      () => false,
    );
  const files = await Promise.all(named.map(isFile));
  return named.filter((_, index) => files[index]);
}

/** Names of the stacks that a checkout has files of. */
export async function stackNames(checkout: string): Promise<string[]> {
  const names = (await settingsFiles(checkout)).map((entry) => stackFile.exec(entry)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

/** What is wrong with a YAML file before any key is looked at, in one line; undefined where nothing is. */
export function yamlProblem(file: string, source: string): string | undefined {
  const document = parseDocument(source);
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos === undefined ? "" : `, line ${error.linePos[0].line}`;
    // The parser's own words quote the text, which may be a secret.
    return `${file} is no YAML (${error.code}${line})`;
  }
  try {
    document.toJS();
  } catch {
    return `${file} is no YAML: it has an alias of nothing, or of too much`;
  }
  if (document.contents === null || isMap(document.contents)) return undefined;
  return `${file} has no keys: it must be a map`;
}

/** The stacks of a checkout whose files cannot be read, with what is wrong. */
export async function unreadableStacks(checkout: string): Promise<Map<string, string>> {
  const unreadable = new Map<string, string>();
  for (const stack of await stackNames(checkout)) {
    const file = `Pulumi.${stack}.yaml`;
    const problem = yamlProblem(file, await readFile(join(checkout, file), "utf8"));
    if (problem !== undefined) unreadable.set(stack, problem);
  }
  return unreadable;
}

/**
 * The sandbox's copy of a stack file. Values that another passphrase or key encrypted cannot be read here, so they
 * and their key are left out (the program puts placeholders); the salt of the sandbox's own passphrase stays. A file that is no
 * YAML stays as it is: the engine and the commands say so when its stack is used.
 */
export function sandboxStackFile(source: string, previousCopy?: string): string {
  if (yamlProblem("", source) !== undefined) return source;
  const document = parseDocument(source);
  if (document.contents === null) return sandboxStackFile("{}", previousCopy);
  for (const key of ["encryptionsalt", "encryptedkey", "secretsprovider"]) document.delete(key);
  visit(document, {
    Pair: (_key, pair) =>
      isMap(pair.value) && pair.value.items.length === 1 && pair.value.has("secure") ? visit.REMOVE : undefined,
  });
  const salt: unknown = previousCopy === undefined ? undefined : parseDocument(previousCopy).get("encryptionsalt");
  if (salt !== undefined) document.set("encryptionsalt", salt);
  return String(document);
}

async function linkEntries(checkout: string, project: string): Promise<void> {
  const wanted = (await readdir(checkout)).filter((entry) => entry !== ".git" && !stackFile.test(entry));
  const present = await readdir(project, { withFileTypes: true });
  for (const entry of present) {
    if (!entry.isSymbolicLink()) continue;
    const right =
      wanted.includes(entry.name) && (await readlink(join(project, entry.name))) === join(checkout, entry.name);
    if (!right) await rm(join(project, entry.name));
  }
  const links = new Set(await readdir(project));
  for (const name of wanted.filter((entry) => !links.has(entry)))
    await symlink(join(checkout, name), join(project, name));
}

/**
 * Brings the project folder up to date with the checkout. A stack file is copied again only when it changed in the checkout,
 * so what was set inside the sandbox (`pulumi config set`) stays until then. One that is no YAML is copied as it is: the engine
 * says what is wrong when that stack is asked for, and the others work.
 */
export async function syncProject(checkout: string, paths: SandboxPaths): Promise<void> {
  const { project } = paths;
  const sources = join(paths.home, "stack-files");
  await mkdir(project, { recursive: true });
  await mkdir(sources, { recursive: true });
  await linkEntries(checkout, project);
  const read = (file: string) => readFile(file, "utf8").catch(() => undefined);
  const files = await settingsFiles(checkout);
  for (const file of files) {
    const source = await readFile(join(checkout, file), "utf8");
    const copy = await read(join(project, file));
    if (copy !== undefined && source === (await read(join(sources, file)))) continue;
    await writeFile(join(project, file), file === "Pulumi.yaml" ? source : sandboxStackFile(source, copy));
    await writeFile(join(sources, file), source);
  }
  const removed = (await readdir(project)).filter((entry) => stackFile.test(entry) && !files.includes(entry));
  for (const file of removed) await rm(join(project, file), { recursive: true });
}
