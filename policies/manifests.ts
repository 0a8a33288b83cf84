import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Document, isCollection, parseAllDocuments, type Tags, visit } from "yaml";
import { type KubernetesObject, kubernetesObjects } from "./kubernetes/object.ts";

/** What files hold, and what is wrong with those that could not be read, a line for each. */
export interface Manifests {
  readonly objects: readonly KubernetesObject[];
  readonly errors: readonly string[];
}

const names = /\.(ya?ml|json)$/i;

/**
 * The Kubernetes objects in files, in all manifests below folders, and, for `-`, in what comes from standard input.
 * Documents that are no Kubernetes object, such as a chart's values, are left out; what is reached twice is read once.
 */
export async function readManifests(paths: readonly string[], input: NodeJS.ReadableStream): Promise<Manifests> {
  const objects: KubernetesObject[] = [];
  const errors: string[] = [];
  const take = (file: string, content: string) => {
    const found = objectsIn(file, content);
    objects.push(...found.objects);
    errors.push(...found.errors);
  };
  const seen = new Set<string>();
  const complain = (path: string, error: unknown) =>
    errors.push(`${path}: ${error instanceof Error && "code" in error ? reason(error.code) : String(error)}`);
  for (const path of paths) {
    if (path === "-") {
      take(path, await text(input));
      continue;
    }
    for (const file of await filesAt(path, seen, complain)) {
      try {
        take(file, textOf(await readFile(file)));
      } catch (error) {
        complain(file, error);
      }
    }
  }
  return { objects, errors };
}

function reason(code: unknown): string {
  return code === "ENOENT" ? "there is no such file or folder" : `cannot be read (${code})`;
}

/** A path if it is a file, else the manifests below it, each but once although links may lead to it by several ways. */
async function filesAt(
  path: string,
  seen: Set<string>,
  complain: (path: string, error: unknown) => void,
  isGiven = true,
): Promise<string[]> {
  try {
    const [real, found] = await Promise.all([realpath(path), stat(path)]);
    if (seen.has(real) || (found.isFile() && !isGiven && !names.test(path))) return [];
    seen.add(real);
    if (!found.isDirectory()) return [path];
    const entries = await readdir(path);
    const wanted = entries.filter((name) => !name.startsWith(".") && name !== "node_modules").sort();
    const files: string[] = [];
    for (const name of wanted) files.push(...(await filesAt(join(path, name), seen, complain, false)));
    return files;
  } catch (error) {
    if (isGiven || names.test(path)) complain(path, error);
    return [];
  }
}

/** What is in a file that holds text in UTF-8; a program's output, an archive or a picture is none. */
function textOf(content: Buffer): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    if (!text.includes("\0")) return text;
  } catch {
    // It is told below, like the other.
  }
  throw new NoText();
}

class NoText extends Error {
  override toString(): string {
    return "is no text in UTF-8";
  }
}

/** The Kubernetes objects in the text of one file: YAML with any number of documents, or JSON; lists are taken apart. */
export function objectsIn(file: string, content: string): Manifests {
  const { documents, errors } = parsed(file, content);
  const objects = documents.flat().flatMap((body, index) => {
    const { metadata, ...said } = (body ?? {}) as Readonly<Record<string, unknown>>;
    const [apiVersion = "", kind = ""] = [said.apiVersion, said.kind].map((text) =>
      typeof text === "string" ? text : "",
    );
    // A document with a name that lacks one of the two is an object of which it was forgotten; the rules tell.
    if (!(apiVersion && kind) && !((apiVersion || kind) && isNamed(metadata))) return [];
    return kubernetesObjects({ apiVersion, kind, name: `#${index + 1}`, body, file });
  });
  return { objects, errors };
}

function isNamed(metadata: unknown): boolean {
  return typeof metadata === "object" && metadata !== null && ("name" in metadata || "generateName" in metadata);
}

/**
 * The scalars of YAML 1.1, but for times and dates, which stay the texts that they are in Kubernetes, and for `y` and
 * `n`, which most readers take for letters.
 */
function scalars(tags: Tags): Tags {
  return tags.flatMap<Tags[number]>((tag): Tags[number][] => {
    if (typeof tag !== "object") return [tag];
    if (/timestamp/.test(tag.tag) || ("format" in tag && tag.format === "TIME")) return [];
    if (!tag.tag.endsWith(":bool") || !("test" in tag) || !tag.test) return [tag];
    const { test } = tag;
    return [{ ...tag, test: new RegExp(`^(?![yYnN]$)(?:${test.source})`, test.flags) }];
  });
}

function parsed(file: string, content: string): { documents: unknown[]; errors: string[] } {
  if (/^\s*[{[]/.test(content)) {
    try {
      return { documents: [JSON.parse(content)], errors: [] };
    } catch {
      // YAML may begin like this too, and so may one JSON document for each line.
      const lines = content.split("\n").filter((line) => line.trim() !== "");
      if (lines.length > 1 && lines.every(isJson))
        return { documents: lines.map((line) => JSON.parse(line)), errors: [] };
    }
  }
  // YAML 1.1, as kubectl reads it: `yes` and `on` are true, `0644` is octal. Of equal keys the last one counts.
  const documents = parseAllDocuments(content, {
    version: "1.1",
    customTags: scalars,
    uniqueKeys: false,
    logLevel: "silent",
  });
  if (!Array.isArray(documents)) return { documents: [], errors: [] };
  const problems = documents.flatMap((document) => document.errors);
  const [first] = problems;
  if (!first && content.includes("{{") && documents.some(hasMapAsKey))
    return {
      documents: [],
      errors: [`${file}: It looks like a template: render it first, for example with helm template.`],
    };
  if (first) {
    const line = first.linePos?.[0].line;
    const hint = /\{\{/.test(content)
      ? " It looks like a template: render it first, for example with helm template."
      : "";
    const [what = ""] = first.message.split(/ at line|\n/);
    return { documents: [], errors: [`${file}${line ? `:${line}` : ""}: ${what}.${hint}`] };
  }
  try {
    return { documents: documents.map((document) => document.toJS({ maxAliasCount: 1000 })), errors: [] };
  } catch (error) {
    return { documents: [], errors: [`${file}: ${error instanceof Error ? error.message : error}`] };
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a map is the key of another one, as `{{ .Values.name }}` is to YAML. */
function hasMapAsKey(document: Document.Parsed): boolean {
  let found = false;
  visit(document, {
    Pair: (_, { key }) => {
      if (!isCollection(key)) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}
