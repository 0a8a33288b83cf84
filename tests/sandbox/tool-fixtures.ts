import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Tool } from "../../sandbox/tool-catalogue.ts";

/** A tool of which every part is made for a test. */
export function someTool(change: Partial<Tool> = {}): Tool {
  return {
    name: "sailor",
    version: "1.2.3",
    versionArguments: ["--version"],
    fits: "~1.2.0",
    download: { url: "https://files.example/sailor", checksums: "https://files.example/sailor.sha256", disk: 1 },
    build: { module: "sailor", package: "example.com/sailor", variables: {}, disk: 1 },
    ...change,
  };
}

/** A shell script that prints a version, as a tool does. */
export function program(version: string): string {
  return `#!/bin/sh\necho "sailor version v${version}"\n`;
}

/** Writes an executable file, and its folder. */
export async function writeProgram(folder: string, version: string, name = "sailor"): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeFile(file, program(version));
  await chmod(file, 0o755);
  return file;
}

/** SHA-256 of a text, as published lists write it. */
export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A `.tar.gz` with one folder that holds an executable. */
export async function archive(folder: string, name: string, version: string): Promise<Buffer> {
  const root = await mkdtemp(join(tmpdir(), "keelson-archive-"));
  await writeProgram(join(root, folder), version, name);
  await writeFile(join(root, folder, "companion"), "beside it");
  await execa("tar", ["-czf", join(root, "all.tar.gz"), "--owner=4711", "--group=4711", "-C", root, folder]);
  const content = await readFile(join(root, "all.tar.gz"));
  await rm(root, { recursive: true });
  return content;
}

/** A mirror on loopback: serves `<host>/<path>` from a table and counts what it was asked for. */
export class Mirror {
  readonly files = new Map<string, string | Buffer>();
  readonly requests: string[] = [];
  /** So many of the next answers are cut off after their first bytes. */
  interruptions = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const path = (request.url ?? "").slice(1);
      this.requests.push(path);
      const content = this.files.get(path);
      if (content === undefined) response.writeHead(404).end();
      else if (this.interruptions > 0) {
        this.interruptions -= 1;
        response.writeHead(200, { "content-length": content.length + 1 });
        response.write(content.slice(0, 5), () => response.destroy());
      } else response.end(content);
    });
  }

  /** Starts it. @returns its URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
