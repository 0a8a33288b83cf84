import { readFile, rm, writeFile } from "node:fs/promises";
import type { Posts } from "./posts.ts";

/** A file that holds one post, for forges that have no commenter here. */
export function filePost(file: string): Posts {
  const write = (_id: string, body: string) => writeFile(file, body);
  return {
    place: file,
    limit: Number.MAX_SAFE_INTEGER,
    own: async (start) => {
      const body = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return "";
        throw error;
      });
      return body.startsWith(start) ? [{ id: file, body }] : [];
    },
    create: (body) => write(file, body),
    update: write,
    remove: () => rm(file, { force: true }),
  };
}
