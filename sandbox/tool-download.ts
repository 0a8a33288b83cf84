import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { SandboxError } from "./progress.ts";
import { fetchThroughProxy } from "./proxy.ts";
import type { Tool } from "./tool-catalogue.ts";

/** How downloads reach their sites. */
export interface DownloadOptions {
  /** Prefix put in place of `https://`, for a mirror: `<mirror>/dl.k8s.io/…`. */
  mirror?: string | undefined;
  /** Milliseconds a site may take to answer, and data may pause; default 8000. */
  timeout?: number;
  /** Milliseconds until a second try, and twice as many until a third; default 1000. */
  pause?: number;
  /** Hosts found unreachable in this run: not asked again. */
  unreachable?: Set<string>;
}

/** The site of a download cannot be reached; the message says which. */
export class UnreachableError extends SandboxError {
  override name = "UnreachableError";
  /** Whether another try may get through. */
  readonly again: boolean;
  /** Whether the site gave no answer, so that its other files need not be asked for. */
  readonly silent: boolean;

  constructor(message: string, { again = false, silent = false } = {}) {
    super(message);
    this.again = again;
    this.silent = silent;
  }
}

function located(url: string, mirror: string | undefined): string {
  return mirror ? `${mirror.replace(/\/$/, "")}/${url.replace("https://", "")}` : url;
}

type Store = (body: Readable) => Promise<void>;

/** @throws UnreachableError, or SandboxError when the file cannot be written. */
async function tryToGet(address: URL, timeout: number, store: Store): Promise<void> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeout);
  const alive = new Transform({
    transform(chunk, _encoding, done) {
      timer.refresh();
      done(null, chunk);
    },
  });
  try {
    const response = await fetchThroughProxy(address, { signal: abort.signal }).catch((error: Error) => {
      // Who was silent for so long is so again.
      const late = abort.signal.aborted;
      const { message } = error.cause instanceof Error ? error.cause : error;
      const reason = late ? `no answer in ${timeout / 1000} s` : message;
      throw new UnreachableError(`${address.host} cannot be reached (${reason})`, { again: !late, silent: true });
    });
    if (!response.ok || response.body === null) {
      const again = response.status >= 500 || response.status === 429;
      throw new UnreachableError(`${address.host} answers ${response.status} for ${address.pathname}`, { again });
    }
    const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    const broken = `${address.host} broke off its answer for ${address.pathname}`;
    body.on("error", () => alive.destroy(new UnreachableError(broken, { again: true })));
    await store(body.pipe(alive)).catch((error: NodeJS.ErrnoException) => {
      if (error.syscall === undefined) throw error;
      throw new SandboxError(
        `the download of ${address} could not be written: ${error.message}; KEELSON_CACHE may name a folder on another disk`,
      );
    });
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/**
 * Copies a web response to a file or a string, in at most three tries.
 * @param store may be called again: it begins anew then
 * @throws UnreachableError when the site does not answer in time, or does not have the file; SandboxError when the file cannot be written.
 */
async function get(url: string, options: DownloadOptions, store: Store): Promise<void> {
  const { mirror, unreachable, timeout = 8000, pause = 1000 } = options;
  const address = new URL(located(url, mirror));
  if (unreachable?.has(address.host)) throw new UnreachableError(`${address.host} cannot be reached`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToGet(address, timeout, store);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      if (!error.again || attempt === 3) {
        if (error.silent) unreachable?.add(address.host);
        throw error;
      }
      await sleep(pause * attempt);
    }
  }
}

/**
 * The checksum of a file in a published list: lines of `<checksum> <file>`, one checksum alone,
 * or GitHub's description of a release (`"name"` and `"digest": "sha256:…"` of each file).
 */
export function findChecksum(list: string, file: string): string | undefined {
  if (list.trimStart().startsWith("{")) {
    const release = JSON.parse(list) as { assets?: { name: string; digest?: string | null }[] };
    return release.assets?.find((asset) => asset.name === file)?.digest?.replace(/^sha\d+:/, "");
  }
  const lines = list
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+\*?/));
  if (lines.length === 1 && lines[0]?.length === 1) return lines[0][0];
  return lines.find(([, name]) => name === file)?.[0];
}

/**
 * Downloads a tool into a folder, its executable named as the tool.
 * @throws UnreachableError when the site cannot be reached; SandboxError when the checksum is missing or differs.
 */
export async function downloadTool(tool: Tool, folder: string, options: DownloadOptions = {}): Promise<void> {
  const { url, checksums, archiveFolder } = tool.download;
  const fileName = basename(new URL(url).pathname);
  await mkdir(folder, { recursive: true });
  let list = "";
  await get(checksums, options, async (body) => {
    list = "";
    for await (const chunk of body) list += String(chunk);
  });
  const expected = findChecksum(list, fileName)?.toLowerCase();
  if (expected === undefined || !/^([0-9a-f]{64}|[0-9a-f]{128})$/.test(expected)) {
    throw new SandboxError(`${tool.name}: no checksum of ${fileName} at ${checksums}, so the download is not used`);
  }
  const file = join(folder, archiveFolder === undefined ? tool.name : fileName);
  const algorithm = expected.length === 64 ? "sha256" : "sha512";
  let hash = createHash(algorithm);
  await get(url, options, async (body) => {
    hash = createHash(algorithm);
    body.on("data", (chunk: Buffer) => hash.update(chunk));
    await pipeline(body, createWriteStream(file));
  });
  const actual = hash.digest("hex");
  if (actual !== expected) {
    await rm(file, { force: true });
    throw new SandboxError(
      `${tool.name}: the download of ${url} has checksum ${actual}, published is ${expected}: not used`,
    );
  }
  if (archiveFolder !== undefined) {
    const unpacked = join(folder, ".unpacked");
    await mkdir(unpacked);
    const tar = await execa("tar", ["-xzf", file, "--no-same-owner", "-C", unpacked], { reject: false });
    if (tar.failed) {
      throw new SandboxError(`${tool.name}: ${fileName} could not be unpacked: ${tar.stderr || tar.shortMessage}`);
    }
    for (const entry of await readdir(join(unpacked, archiveFolder))) {
      await rename(join(unpacked, archiveFolder, entry), join(folder, entry));
    }
    await rm(unpacked, { recursive: true });
    await rm(file);
  }
  await chmod(join(folder, tool.name), 0o755);
}
