import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, isMap, parseDocument, Scalar, visit } from "yaml";
import type { Release } from "../components/model/release.ts";
import { readStackFile } from "../settings/read-stack-file.ts";
import { type Resolved, resolve } from "../settings/resolve.ts";
import { findSandbox } from "../settings/runtime.ts";
import { systems } from "../systems/index.ts";
import type { EnginePlace } from "./engine-place.ts";

/** Stands in for an encrypted value, which the engine alone can read; a valid Docker configuration, as pull Secrets must be. */
const unread = '{"auths":{}}';

/** The file with a stack's settings. */
export function stackFile({ cwd }: EnginePlace, stack: string): string {
  return join(cwd, `Pulumi.${stack.split("/").at(-1)}.yaml`);
}

/** A stack's settings with everything decided, secrets left out. @throws SettingsError where they cannot be used. */
export async function resolvedSettings(place: EnginePlace, stack: string): Promise<Resolved> {
  const config = await readStackFile(stackFile(place, stack));
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value, readable),
  ]);
  return resolve({ config: Object.fromEntries(texts), stack, systems, sandbox: findSandbox(place.env) });
}

function readable(_key: string, value: unknown): unknown {
  const encrypted = typeof value === "object" && value !== null && "secure" in value;
  return encrypted ? unread : value;
}

/**
 * Writes where a service's release stands, in one move, so that a kill leaves the old settings or the new ones. What else is in
 * the file stays, comments included; a tag or digest that the stack had set for the service is the release's from now on.
 */
export async function writeRelease(
  place: EnginePlace,
  stack: string,
  service: string,
  release: Release,
): Promise<void> {
  const file = stackFile(place, stack);
  const text = await readFile(file, "utf8");
  const changed = withRelease(text, service, release);
  if (changed === text) return;
  await writeFile(`${file}.new`, changed);
  await rename(`${file}.new`, file);
}

/** The text of a stack file with a service's release in it. */
export function withRelease(text: string, service: string, release: Release): string {
  const document = parseDocument(text);
  const node = document.createNode(release);
  // The engine reads a bare 2026-03-01 as a date and a bare 20260301_1 as a number, and no tag of either is the same text again.
  visit(node, {
    Scalar: (key, scalar) => {
      if (key === "value" && typeof scalar.value === "string") scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  document.setIn(["config", "keelson:releases", service], node);
  if (release[release.active]?.tag || release[release.active]?.digest) {
    for (const field of ["tag", "digest"]) removeIn(document, ["config", "keelson:services", service, "image", field]);
  }
  return document.toString({ lineWidth: 0 });
}

/** Removes a key, and each mapping that it leaves empty. */
function removeIn(document: Document, path: string[]): void {
  if (!document.hasIn(path)) return;
  document.deleteIn(path);
  const parent = path.slice(0, -1);
  const left: unknown = document.getIn(parent);
  if (parent.length > 1 && isMap(left) && left.items.length === 0) removeIn(document, parent);
}
