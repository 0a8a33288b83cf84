import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { checkHome, claimHome, hasHome, removeHome } from "../../sandbox/home.ts";
import { cleanSandbox, resetSandbox, sandboxStatus, startSandbox, stopSandbox } from "../../sandbox/index.ts";
import { cacheFolder, ownCheckout, sandboxHome, sandboxPaths } from "../../sandbox/paths.ts";

describe("the home of a sandbox", () => {
  let root: string;
  let home: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "keelson-home-")));
    home = join(root, "home");
  });
  afterEach(() => rm(root, { recursive: true }));

  it("that is somebody's folder is left alone by every command", async () => {
    await mkdir(home);
    await writeFile(join(home, "important"), "x");
    for (const command of [cleanSandbox, resetSandbox, stopSandbox]) {
      const wanted = { name: "SandboxError", message: `${home} is no sandbox of ours; nothing was changed` };
      await assert.rejects(command({ home }), wanted);
    }
    await assert.rejects(startSandbox({ home }), /home is not empty and no sandbox of ours: set KEELSON_SANDBOX_HOME/);
    assert.deepEqual(await readdir(root, { recursive: true }), ["home", "home/important"]);
  });

  it("that is somebody's folder keeps the tools from being removed too", async () => {
    const tool = join(root, "cache", "tools", "etcd-3.6.5-linux-amd64", "etcd");
    await mkdir(dirname(tool), { recursive: true });
    await writeFile(tool, "");
    await mkdir(home);
    await writeFile(join(home, "important"), "x");
    const { exitCode, stdout, stderr } = await execa("node", ["commands/sandbox.ts", "clean", "--tools"], {
      env: { KEELSON_SANDBOX_HOME: home, KEELSON_CACHE: join(root, "cache") },
      reject: false,
    });
    assert.deepEqual([exitCode, stdout], [1, ""]);
    assert.equal(stderr, `error: ${home} is no sandbox of ours; nothing was changed`);
    assert.equal(await readFile(tool, "utf8"), "");
  });

  it("that is new or empty becomes ours, and goes with all that is in it", async () => {
    for (const made of [false, true]) {
      if (made) await mkdir(home);
      const paths = sandboxPaths(home);
      await claimHome(paths, "/checkout");
      assert.match(await readFile(paths.tag, "utf8"), /is a sandbox of Keelson/);
      await mkdir(paths.cluster);
      await writeFile(join(paths.cluster, "e"), "");
      await claimHome(paths, "/checkout");
      assert.equal(await hasHome(paths), true);
      await removeHome(paths);
      assert.deepEqual(await readdir(root), []);
    }
    await cleanSandbox({ home });
    await resetSandbox({ home });
    await stopSandbox({ home });
    assert.deepEqual(await readdir(root), []);
  });

  it("of another checkout is told in the status, with what to do where that is gone", async () => {
    const env = { KEELSON_CACHE: join(root, "cache"), KEELSON_SANDBOX_HOME: home };
    const other = (name: string) => sandboxPaths(join(root, "cache", "sandboxes", name));
    await mkdir(other("foreign").home, { recursive: true });
    await claimHome(other("here"), root);
    await claimHome(other("moved"), join(root, "moved"));
    await mkdir(other("old").home);
    await writeFile(other("old").tag, "");
    const told = async () => (await execa("node", ["commands/sandbox.ts", "status"], { env })).stdout.split("\n");
    const lines = await told();
    assert.deepEqual(lines.slice(lines.indexOf("Sandboxes of other checkouts:") + 1), [
      `  ${other("here").home} of ${root}: is stopped`,
      `  ${other("moved").home} of ${join(root, "moved")}, which is gone: is stopped; remove it: KEELSON_SANDBOX_HOME='${other("moved").home}' npm run sandbox -- clean`,
      `  ${other("old").home}: is stopped`,
    ]);
    for (const name of ["here", "moved", "old"]) await rm(other(name).home, { recursive: true });
    assert.ok(!(await told()).includes("Sandboxes of other checkouts:"));
  });

  it("of before there was a tag is recognised", async () => {
    const paths = sandboxPaths(home);
    for (const file of [join(paths.bin, "pulumi"), join(paths.cluster, "stages.yaml")]) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, "");
    }
    await claimHome(paths, "/checkout");
    await rm(paths.tag);
    await cleanSandbox({ home });
    assert.deepEqual(await readdir(root), []);
  });

  it("with a damaged file says in one line what to do", async () => {
    const paths = sandboxPaths(home);
    await mkdir(paths.cluster, { recursive: true });
    const faults = join(paths.cluster, "faults.json");
    for (const file of [paths.marker, faults])
      for (const text of ["{", "", "null", "[1]", '{"server": 1}']) {
        await writeFile(file, text);
        const message = `${file} is damaged: remove that file, then npm run sandbox -- start`;
        await assert.rejects(sandboxStatus({ home }), { name: "SandboxError", message });
        await rm(file);
      }
    assert.deepEqual((await sandboxStatus({ home })).faults, []);
    await writeFile(paths.marker, "{");
    const damaged = /^[^\n]+sandbox\.json is damaged: remove that file, then npm run sandbox -- start\n/;
    const commands: [number, string[]][] = [
      [1, ["commands/sandbox.ts", "status"]],
      [2, ["commands/doctor.ts", "--stack", "dev"]],
    ];
    for (const [status, words] of commands) {
      const env = { KEELSON_SANDBOX_HOME: home };
      const { exitCode, stdout, stderr } = await execa("node", words, { env, reject: false });
      assert.equal(exitCode, status);
      assert.match(`${stderr}${stdout}\n`, damaged);
    }
  });

  it("holds neither the user's home, nor the checkout, nor the cache", async () => {
    const link = join(root, "link");
    await symlink(ownCheckout, link);
    const wrong: [string, RegExp][] = [
      ["/", /^the sandbox's home \/ holds your home folder: set KEELSON_SANDBOX_HOME to a folder of its own$/],
      [homedir(), /is your home folder: /],
      [ownCheckout, /is the checkout: /],
      [link, /is the checkout: /],
      [join(cacheFolder(), ".."), /holds /],
      [cacheFolder(), /is Keelson's cache: /],
    ];
    for (const [folder, message] of wrong) assert.throws(() => checkHome(folder, ownCheckout), { message }, folder);
    for (const folder of [join(ownCheckout, "..home"), join(cacheFolder(), "sandboxes", "x"), home])
      checkHome(folder, ownCheckout);
  });

  it("has a path that etcd and the engine can take", () => {
    for (const name of ["a%20b", "a#b", "a?b", "a,b", "a:b", "a\nb"])
      assert.throws(
        () => checkHome(join(root, name), ownCheckout),
        /has a ".{1,2}" in its path, which addresses of etcd/,
      );
    checkHome(join(root, "a b'c"), ownCheckout);
    checkHome(sandboxHome("/src/a,b#c", {}), ownCheckout);
    const long = (bytes: number) => `/${"é".repeat(20)}/${"x".repeat(bytes - 42)}`;
    assert.throws(
      () => checkHome(long(98), ownCheckout),
      /is 98 bytes long, and the path of etcd's socket leaves room/,
    );
    checkHome(long(90), ownCheckout);
  });
});
