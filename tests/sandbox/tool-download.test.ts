import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadTool } from "../../sandbox/tool-download.ts";
import { skip } from "../skip.ts";
import { Mirror, program, sha256, someTool } from "./tool-fixtures.ts";

describe("the download of a tool", () => {
  let root: string;
  let mirror: Mirror;
  let url: string;
  const unreachable = new Set<string>();

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-download-"));
    mirror = new Mirror();
    url = await mirror.start();
    unreachable.clear();
    mirror.files.set("files.example/sailor", program("1.2.3"));
    mirror.files.set("files.example/sailor.sha256", sha256(program("1.2.3")));
  });
  afterEach(async () => {
    await mirror.stop();
    await rm(root, { recursive: true });
  });

  const download = (tool = someTool()) => downloadTool(tool, root, { mirror: url, pause: 1, unreachable });

  it("is tried again where an answer is cut off", async () => {
    mirror.interruptions = 2;
    await download();
    assert.equal(await readFile(join(root, "sailor"), "utf8"), program("1.2.3"));
  });

  it("ends after three tries, and other files of the site are asked for all the same", async () => {
    mirror.interruptions = 3;
    await assert.rejects(download(), /127\.0\.0\.1:\d+ broke off its answer for \/files\.example\/sailor\.sha256$/);
    assert.equal(mirror.requests.length, 3);
    assert.equal(unreachable.size, 0);
    await download();
  });

  it("tells of a disk that is full as such", async function () {
    if (process.platform !== "linux") skip(this, "it needs /dev/full");
    await symlink("/dev/full", join(root, "sailor"));
    await assert.rejects(download(), {
      name: "SandboxError",
      message: /could not be written: ENOSPC: no space left on device, write; KEELSON_CACHE may name/,
    });
    assert.equal(mirror.requests.length, 2);
  });

  it("says in one message that an archive cannot be unpacked", async () => {
    mirror.files.set("files.example/s.tar.gz", "no archive");
    mirror.files.set("files.example/s.sha256", sha256("no archive"));
    const site = "https://files.example";
    const archive = { url: `${site}/s.tar.gz`, checksums: `${site}/s.sha256`, archiveFolder: "sailor", disk: 1 };
    await assert.rejects(download(someTool({ download: archive })), {
      name: "SandboxError",
      message: /^sailor: s\.tar\.gz could not be unpacked: .*gzip/s,
    });
  });
});
