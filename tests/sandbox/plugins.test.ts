import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxPaths } from "../../sandbox/paths.ts";
import { choosePlugins, installPlugins, pluginVersions } from "../../sandbox/plugins.ts";
import { writeProgram } from "./tool-fixtures.ts";

describe("the plugin set of a sandbox", () => {
  let root: string;
  const engine = () => join(root, "engine", "pulumi");
  const env = (wish?: string) => ({
    PULUMI_HOME: join(root, "user"),
    PATH: "",
    ...(wish ? { KEELSON_PLUGINS: wish } : {}),
  });
  const paths = () => sandboxPaths(join(root, "home"));

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "keelson-plugins-")));
  });
  afterEach(() => rm(root, { recursive: true }));

  const official = async (parts: string[]) => {
    if (parts.includes("nodejs")) {
      await writeProgram(join(root, "engine"), "1.0.0", "pulumi-language-nodejs");
    }
    for (const [name, version] of Object.entries(pluginVersions)) {
      const folder = join(root, "user", "plugins", `resource-${name}-v${version}`);
      if (parts.includes(name)) await writeProgram(folder, version, `pulumi-resource-${name}`);
    }
  };
  const choose = (wish?: string) => choosePlugins({ env: env(wish), pulumi: engine() });

  it("is the official one where all of it is found", async () => {
    await official(["nodejs", "kubernetes", "random"]);
    const choice = await choose();
    assert.notEqual(choice, "stand-in");
    await installPlugins("stand-in", "/checkout", paths());
    const set = await installPlugins(choice, "/checkout", paths());
    assert.deepEqual(set, { nodejs: "official", kubernetes: "official", random: "official" });
    const plugin = join(paths().pulumiHome, "plugins", "resource-kubernetes-v4.32.0", "pulumi-resource-kubernetes");
    assert.match(await realpath(plugin), /user\/plugins\/resource-kubernetes/);
    assert.deepEqual(await readdir(paths().bin), ["pulumi-language-nodejs"]);
    assert.match(await readFile(join(paths().bin, "pulumi-language-nodejs"), "utf8"), /sailor/);
  });

  for (const missing of ["nodejs", "kubernetes", "random"]) {
    it(`is never mixed: without the official ${missing}, all are stand-ins`, async () => {
      await official(["nodejs", "kubernetes", "random"].filter((part) => part !== missing));
      assert.equal(await choose(), "stand-in");
      await assert.rejects(
        choose("official"),
        /KEELSON_PLUGINS=official, but missing: (the Node\.js language host|resource plugin)/,
      );
    });
  }

  it("is the stand-ins where they are asked for, also after the official ones", async () => {
    await official(["nodejs", "kubernetes", "random"]);
    await installPlugins(await choose(), "/checkout", paths());
    await installPlugins(await choose("stand-in"), "/checkout", paths());
    assert.deepEqual((await readdir(paths().bin)).sort(), ["pulumi-analyzer-policy-nodejs", "pulumi-language-nodejs"]);
    const plugins = join(paths().pulumiHome, "plugins");
    assert.deepEqual((await readdir(plugins)).sort(), ["resource-kubernetes-v4.32.0", "resource-random-v4.21.1"]);
    const wrapper = await readFile(join(plugins, "resource-random-v4.21.1", "pulumi-resource-random"), "utf8");
    assert.match(wrapper, /exec "[^"]+" "\/checkout\/sandbox\/standins\/random\.ts" "\$@"/);
    assert.match(await readFile(join(paths().bin, "pulumi-language-nodejs"), "utf8"), /standins\/language-nodejs\.ts/);
    assert.equal(
      await readFile(join(root, "engine", "pulumi-language-nodejs"), "utf8"),
      '#!/bin/sh\necho "sailor version v1.0.0"\n',
    );
  });

  it("is of the versions of the SDKs", () => {
    const require = createRequire(import.meta.url);
    for (const [name, version] of Object.entries(pluginVersions)) {
      assert.equal((require(`@pulumi/${name}/package.json`) as { version: string }).version, version);
    }
  });

  it("refuses a wish that it does not know", async () => {
    await assert.rejects(choose("best"), /KEELSON_PLUGINS is "best"/);
  });
});
