import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, realpath, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanSandbox, type Sandbox, sandboxStatus, startSandbox, stopSandbox } from "../../sandbox/index.ts";

describe("a sandbox of which something went wrong", function () {
  this.timeout(180_000);
  let root: string;
  let checkout: string;
  let home: string;
  let sandbox: Sandbox;

  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "keelson-sandbox-")));
    checkout = join(root, "checkout");
    home = join(root, "a");
    await mkdir(checkout);
    sandbox = await startSandbox({ checkout, home });
  });
  after(async () => {
    await cleanSandbox({ checkout, home });
    await rm(root, { recursive: true, force: true });
  });

  it("says which of its processes ended and why, and not that it runs", async () => {
    const path = process.env.PATH;
    const folder = join(root, "installed");
    await mkdir(folder);
    const file = join(folder, "kube-scheduler");
    const script = 'case "$1" in --version) echo "Kubernetes v1.36.1" ;; *) echo "no wind"; exit 3 ;; esac';
    await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const { processes } = await sandboxStatus({ checkout, home });
    process.kill(processes["kube-scheduler"] ?? 0, "SIGKILL");
    try {
      process.env.PATH = `${folder}:${path}`;
      await assert.rejects(
        startSandbox({ checkout, home }),
        /kube-scheduler ended soon after its start; the last lines of .*kube-scheduler\.log:\nno wind/,
      );
      assert.ok((await sandboxStatus({ checkout, home })).ready, "the API server is ready all the same");
    } finally {
      process.env.PATH = path;
      await rm(folder, { recursive: true });
    }
    await startSandbox({ checkout, home });
  });

  it("makes its certificate anew where it cannot be used any more", async () => {
    const certificate = join(sandbox.paths.cluster, "certificates", "apiserver.crt");
    const before = await stat(certificate);
    await truncate(certificate, 100);
    sandbox = await startSandbox({ checkout, home });
    assert.ok((await stat(certificate)).mtimeMs > before.mtimeMs);
  });

  it("is refused where a socket's path would be too long, which counts bytes", async () => {
    const long = join(root, "ä".repeat(40));
    await assert.rejects(
      startSandbox({ checkout, home: long }),
      /bytes long, and the path of etcd's socket leaves room for/,
    );
  });

  it("is ended whole where a start was killed before it noted a process", async () => {
    const { processes } = await sandboxStatus({ checkout, home });
    await rm(join(sandbox.paths.logs, "etcd.pid"));
    assert.deepEqual((await sandboxStatus({ checkout, home })).processes, processes);
    await stopSandbox({ checkout, home });
    for (const pid of Object.values(processes))
      assert.equal(await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""), "");
  });
});
