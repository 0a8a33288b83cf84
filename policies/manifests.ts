import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseAllDocuments, type Tags } from "yaml";
import { type KubernetesObject, kubernetesObjects } from "./kubernetes/object.ts";

/** What files hold, and what is wrong with those that could not be read, a line for each. */
export interface Manifests {
  readonly objects: readonly KubernetesObject[];
  readonly errors: readonly string[];
}

const names = /\.(ya?ml|json)$/i;

/**
 * The Kubernetes objects in files, in all manifests below folders, and, for `-`, in what comes from standard input.
 * Documents that are no Kubernetes object, such as a chart's values, are left out.
 */
export async function readManifests(paths: readonly string[], input: NodeJS.ReadableStream): Promise<Manifests> {
  const objects: KubernetesObject[] = [];
  const errors: string[] = [];
  const take = (file: string, content: string) => {
    const found = objectsIn(file, content);
    objects.push(...found.objects);
    errors.push(...found.errors);
  };
  for (const path of paths) {
    if (path === "-") {
      take(path, await text(input));
      continue;
    }
    try {
      for (const file of await filesAt(path)) take(file, await readFile(file, "utf8"));
    } catch (error) {
      errors.push(`${path}: ${error instanceof Error && "code" in error ? reason(error.code) : String(error)}`);
    }
  }
  return { objects, errors };
}

function reason(code: unknown): string {
  return code === "ENOENT" ? "there is no such file or folder" : `cannot be read (${code})`;
}

async function filesAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const wanted = entries.filter(
    (entry) =>
      !entry.name.startsWith(".") && entry.name !== "node_modules" && (!entry.isFile() || names.test(entry.name)),
  );
  const found = await Promise.all(wanted.map((entry) => filesAt(join(path, entry.name))));
  return found.flat().sort();
}

/** The Kubernetes objects in the text of one file: YAML with any number of documents, or JSON; lists are taken apart. */
export function objectsIn(file: string, content: string): Manifests {
  const { documents, errors } = parsed(file, content);
  const objects = documents.flat().flatMap((body, index) => {
    const { apiVersion, kind } = (body ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof apiVersion !== "string" || typeof kind !== "string") return [];
    return kubernetesObjects({ apiVersion, kind, name: `#${index + 1}`, body, file });
  });
  return { objects, errors };
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
      // YAML may begin like this too.
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
