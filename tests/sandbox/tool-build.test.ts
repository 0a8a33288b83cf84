import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildTool } from "../../sandbox/tool-build.ts";
import { target } from "../../sandbox/tool-catalogue.ts";
import { someTool } from "./tool-fixtures.ts";

describe("the build of a tool", () => {
  let root: string;
  const tool = someTool();
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-build-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("is for this machine, whatever Go is set to", async () => {
    const folder = join(root, "go");
    await mkdir(folder);
    // In the place of Go: the executable that it would build tells for what.
    const go = 'for word; do [ "$last" = -o ] && out=$word; last=$word; done\nenv | grep ^GO | sort > "$out"\n';
    await writeFile(join(folder, "go"), `#!/bin/sh\n${go}`, { mode: 0o755 });
    const set = {
      GOOS: "plan9",
      GOARCH: "mips",
      GOFLAGS: "-race",
      GOEXPERIMENT: "x",
      GOWORK: "/w",
      GO111MODULE: "off",
    };
    const before = { ...process.env };
    Object.assign(process.env, set, { PATH: `${folder}:${process.env.PATH}` });
    try {
      await buildTool({ ...tool, build: { ...tool.build, module: "etcd" } }, root);
    } finally {
      for (const name of [...Object.keys(set), "PATH"]) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
    const lines = (await readFile(join(root, tool.name), "utf8")).trim().split("\n");
    const built = Object.fromEntries(lines.map((line) => line.split("=", 2)));
    assert.equal(`${built.GOOS}-${built.GOARCH}`, `${target.os}-${target.arch}`);
    const { GOFLAGS, GOEXPERIMENT, GOWORK, GO111MODULE } = built;
    assert.deepEqual([GOFLAGS, GOEXPERIMENT, GOWORK, GO111MODULE], ["-trimpath", "", "off", "on"]);
  });

  it("says in one message what to do where Go is missing", async () => {
    const path = process.env.PATH;
    process.env.PATH = "";
    try {
      await assert.rejects(
        buildTool(tool, root),
        /building it needs Go .* install Go .* or let this machine reach files\.example/,
      );
    } finally {
      process.env.PATH = path;
    }
  });
});
