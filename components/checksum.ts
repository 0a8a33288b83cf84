import { createHash } from "node:crypto";

/** Twelve hexadecimal digits that change when the data does, whatever the order of its keys. */
export function checksum(data: Record<string, unknown>): string {
  const sorted = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 12);
}
