import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Tool, target, tools } from "../../sandbox/tool-catalogue.ts";
import {
  provideTools,
  removeTools,
  requireDisk,
  type ToolOptions,
  toolSource,
  toolsMirror,
} from "../../sandbox/tools.ts";
import { archive, Mirror, program, sha256, someTool, writeProgram } from "./tool-fixtures.ts";

describe("tools of the sandbox", () => {
  let root: string;
  let mirror: Mirror;
  let url: string;
  let lines: string[];
  const tool = someTool();
  const place = `sailor-1.2.3-${target.os}-${target.arch}`;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-tools-"));
    mirror = new Mirror();
    url = await mirror.start();
    lines = [];
  });
  afterEach(async () => {
    await mirror.stop();
    await rm(root, { recursive: true });
  });

  const provide = (change: Partial<ToolOptions> = {}) =>
    provideTools({
      folder: join(root, "tools"),
      log: (line) => lines.push(line),
      path: "",
      tools: [tool],
      mirror: url,
      build: async (_tool, folder) => void (await writeProgram(folder, "1.2.3")),
      ...change,
    });

  const publish = (content = program("1.2.3"), checksum = sha256(content)) => {
    mirror.files.set("files.example/sailor", content);
    mirror.files.set("files.example/sailor.sha256", checksum);
  };

  it("takes an installed one whose version fits, and asks no site", async () => {
    const file = await writeProgram(join(root, "installed"), "1.2.9");
    assert.equal((await provide({ path: join(root, "installed") })).get("sailor"), file);
    assert.deepEqual([mirror.requests, lines], [[], []]);
  });

  it("downloads instead of taking an installed one whose version does not fit", async () => {
    await writeProgram(join(root, "installed"), "1.3.0");
    publish();
    const found = await provide({ path: join(root, "installed") });
    assert.equal(found.get("sailor"), join(root, "tools", place, "sailor"));
    assert.match(lines.join("\n"), /\[1\/1\] sailor 1\.2\.3: downloaded in [\d.]+ s/);
  });

  it("downloads once and keeps it", async () => {
    publish();
    await provide();
    const asked = mirror.requests.length;
    await provide();
    assert.equal(mirror.requests.length, asked);
  });

  it("refuses a download whose checksum differs, and keeps nothing of it", async () => {
    publish(program("1.2.3"), sha256("something else"));
    await assert.rejects(
      provide(),
      /sailor: the download of .* has checksum [0-9a-f]{64}, published is [0-9a-f]{64}: not used/,
    );
    assert.deepEqual(
      (await readdir(join(root, "tools"))).filter((name) => name === place),
      [],
    );
  });

  it("refuses a download that has no checksum in the published list", async () => {
    publish(program("1.2.3"), `${sha256("x")}  another-file\n${sha256("y")}  a-third\n`);
    await assert.rejects(provide(), /no checksum of sailor at/);
  });

  it("unpacks an archive with all that lies beside the executable, even where folder and executable have one name", async () => {
    const content = await archive("sailor", "sailor", "1.2.3");
    const download = {
      url: "https://files.example/s.tar.gz",
      checksums: "https://files.example/SUMS",
      archiveFolder: "sailor",
      disk: 1,
    };
    mirror.files.set("files.example/s.tar.gz", content);
    mirror.files.set("files.example/SUMS", `${sha256("x")}  other.tar.gz\n${sha256(content)}  s.tar.gz\n`);
    const found = await provide({ tools: [someTool({ download })] });
    assert.equal(await readFile(found.get("sailor") ?? "", "utf8"), program("1.2.3"));
    assert.deepEqual((await readdir(join(root, "tools", place))).sort(), ["companion", "sailor", "sailor.size"]);
    assert.equal((await stat(found.get("sailor") ?? "")).uid, process.getuid?.(), "it is the user's own");
  });

  it("builds what cannot be downloaded, and says why and how much disk that needs", async () => {
    await provide();
    assert.match(lines.join("\n"), /sailor 1\.2\.3: 127\.0\.0\.1:\d+ answers 404 for .*; building it .* up to 1 MiB/);
    assert.match(lines.at(-1) ?? "", /built in/);
  });

  it("gives up on a site that does not answer, once for all tools", async () => {
    let asked = 0;
    const silent = createServer(() => {
      asked += 1;
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const second: Tool = { ...tool, name: "bosun" };
    const build = async ({ name }: Tool, folder: string) => void (await writeProgram(folder, "1.2.3", name));
    try {
      await provide({ mirror: `http://127.0.0.1:${port}`, timeout: 200, tools: [tool, second], build });
      assert.equal(asked, 1);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  it("names the site when a download is asked for and it cannot be reached", async () => {
    await assert.rejects(
      provide({ source: "download", mirror: "http://127.0.0.1:1", pause: 1 }),
      /127\.0\.0\.1:1 cannot be reached \(.+\)/,
    );
  });

  it("says which tools are missing when only installed ones may be used", async () => {
    await assert.rejects(provide({ source: "installed" }), /PATH has none that fits of: sailor ~1\.2\.0/);
  });

  it("starts over after a run that was interrupted, and keeps what that run had finished", async () => {
    const second: Tool = { ...tool, name: "bosun" };
    const built: string[] = [];
    const build =
      (failing: boolean) =>
      async ({ name }: Tool, folder: string) => {
        built.push(name);
        await writeProgram(folder, "1.2.3", name);
        if (failing && name === "bosun") throw new Error("interrupted");
      };
    await assert.rejects(provide({ tools: [tool, second], build: build(true) }), /interrupted/);
    const found = await provide({ tools: [tool, second], build: build(false) });
    assert.deepEqual(built, ["sailor", "bosun", "bosun"]);
    assert.equal(found.size, 2);
    assert.deepEqual(
      (await readdir(join(root, "tools"))).filter((name) => name.endsWith(".unfinished")),
      [],
    );
  });

  it("never takes an unfinished one", async () => {
    await writeProgram(join(root, "tools", `${place}.unfinished`), "0.0.1");
    const found = await provide();
    assert.equal(await readFile(found.get("sailor") ?? "", "utf8"), program("1.2.3"));
  });

  it("keeps none that does not run here, or is another version", async () => {
    await assert.rejects(
      provide({ build: async (_tool, folder) => void (await writeProgram(folder, "2.0.0")) }),
      /sailor 1\.2\.3 does not run as it should, so it is not kept: it says "sailor version v2\.0\.0"/,
    );
    publish("another machine's code");
    await assert.rejects(provide(), /sailor 1\.2\.3 does not run as it should, so it is not kept: .*sailor/);
    assert.ok(!(await readdir(join(root, "tools"))).includes(place));
  });

  it("gets anew what was cut off since it was kept", async () => {
    const file = (await provide()).get("sailor") ?? "";
    await truncate(file, 5);
    assert.equal((await provide()).get("sailor"), file);
    assert.equal(await readFile(file, "utf8"), program("1.2.3"));
    assert.match(lines.join("\n"), /the kept one is damaged, another takes its place/);
  });

  it("takes what was kept when sizes were not written beside it", async () => {
    const file = await writeProgram(join(root, "tools", place), "1.2.3");
    assert.equal((await provide({ build: () => Promise.reject(new Error("not needed")) })).get("sailor"), file);
    assert.deepEqual(mirror.requests, []);
  });

  it("lets the second of two runs wait and take what the first has got", async () => {
    let builds = 0;
    const build = async (_tool: Tool, folder: string) => {
      builds += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      await writeProgram(folder, "1.2.3");
    };
    const found = await Promise.all([provide({ build }), provide({ build })]);
    assert.equal(builds, 1);
    assert.equal(found[0]?.get("sailor"), found[1]?.get("sailor"));
    assert.ok(lines.some((line) => line.includes("another run")));
  });

  it("looks for room on the disk first", async () => {
    await assert.rejects(requireDisk(root, 1e9), /MiB of disk free, 1000000000 MiB are needed/);
    const huge = someTool({ build: { ...tool.build, disk: 1e9 } });
    await assert.rejects(provide({ tools: [huge], source: "build" }), /are needed/);
  });

  it("takes an address of a mirror, and nothing else", () => {
    assert.equal(toolsMirror({ KEELSON_TOOLS_MIRROR: "http://mirror.local/tools" }), "http://mirror.local/tools");
    assert.equal(toolsMirror({}), undefined);
    assert.throws(
      () => toolsMirror({ KEELSON_TOOLS_MIRROR: "mirror.local" }),
      /KEELSON_TOOLS_MIRROR is "mirror\.local"; it must be an address such as https:\/\/mirror\.local/,
    );
  });

  it("knows a source that KEELSON_TOOLS can name, and no other", () => {
    assert.equal(toolSource({}), "auto");
    assert.equal(toolSource({ KEELSON_TOOLS: "build" }), "build");
    assert.throws(() => toolSource({ KEELSON_TOOLS: "guess" }), /KEELSON_TOOLS is "guess"; it can be auto/);
  });

  it("has a Go module with a locked sum for every tool, at the version of the catalogue", async () => {
    for (const { build, version, name } of tools) {
      const folder = join("sandbox", "tools", build.module);
      const module = await readFile(join(folder, "go.mod"), "utf8");
      assert.ok(module.includes(`tool ${build.package}\n`), `${name}: tool directive`);
      assert.match(module, new RegExp(` v${version.replaceAll(".", "\\.")}( // indirect)?$`, "m"), name);
      assert.ok((await readFile(join(folder, "go.sum"), "utf8")).length > 0);
    }
  });

  it("leaves other files of its folder alone", async () => {
    await mkdir(join(root, "tools"), { recursive: true });
    await writeFile(join(root, "tools", "mine"), "");
    await provide();
    assert.ok((await readdir(join(root, "tools"))).includes("mine"));
  });

  it("are removed, and nothing else with them", async () => {
    const folder = join(root, "tools");
    const suffix = `${target.os}-${target.arch}`;
    const theirs = [`etcd-v3.6.5-${suffix}`, "helm", `sailor-1.2.3-${suffix}`];
    for (const name of [...theirs, `etcd-3.5.0-${suffix}`, `helm-4.3.1-${suffix}.unfinished`])
      await mkdir(join(folder, name, "sub"), { recursive: true });
    await removeTools(folder);
    assert.deepEqual((await readdir(folder)).sort(), theirs);
    for (const name of theirs) await rm(join(folder, name), { recursive: true });
    await removeTools(folder);
    assert.deepEqual(await readdir(root), []);
  });
});
