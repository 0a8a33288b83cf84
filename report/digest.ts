import { createHash } from "node:crypto";
import { sorted } from "./fields.ts";
import type { Resource } from "./resources.ts";

/**
 * A digest of everything that is planned: the same for two previews that would do the same, whatever the order in which the
 * engine tells it. `up` is refused where it differs from the approved one. Secrets are masked before, so a secret's new value
 * alone does not change it.
 */
export function changesDigest(resources: readonly Resource[]): string {
  const planned = resources
    .filter(({ operation }) => operation !== "same" && operation !== "read")
    .map(({ urn, operation, after }) => [urn, operation, hash(JSON.stringify(sorted(after?.inputs ?? null)))]);
  return `sha256:${hash(JSON.stringify(planned))}`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
