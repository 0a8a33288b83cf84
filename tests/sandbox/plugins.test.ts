import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { sandboxPaths } from "../../sandbox/paths.ts";
import { downloadPlugins, type PluginDownload } from "../../sandbox/plugin-download.ts";
import { choosePlugins, installPlugins, type PluginSearch, pluginVersions } from "../../sandbox/plugins.ts";
import { Mirror, writeProgram } from "./tool-fixtures.ts";

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
    asked.length = 0;
    lines.length = 0;
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
  const asked: string[] = [];
  const lines: string[] = [];
  const choose = (wish?: string, more: Partial<PluginSearch> = {}) =>
    choosePlugins({
      env: env(wish),
      pulumi: engine(),
      cached: join(root, "cached"),
      log: (line) => lines.push(line),
      download: async (plugins) => void asked.push(...Object.keys(plugins)),
      ...more,
    });

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
        /KEELSON_PLUGINS=official\), but these are missing: (the Node\.js language host|resource plugin)/,
      );
    });
  }

  it("is the stand-ins where they are asked for, also after the official ones", async () => {
    await official(["nodejs", "kubernetes", "random"]);
    await installPlugins(await choose(), "/checkout", paths());
    await installPlugins(await choose("stand-in"), "/checkout", paths());
    assert.deepEqual(await readdir(paths().bin), ["pulumi-language-nodejs"]);
    const plugins = join(paths().pulumiHome, "plugins");
    assert.deepEqual((await readdir(plugins)).sort(), ["resource-kubernetes-v4.32.0", "resource-random-v4.21.1"]);
    const wrapper = await readFile(join(plugins, "resource-random-v4.21.1", "pulumi-resource-random"), "utf8");
    assert.match(wrapper, /exec '[^']+' '\/checkout\/sandbox\/standins\/random\.ts' "\$@"/);
    assert.match(await readFile(join(paths().bin, "pulumi-language-nodejs"), "utf8"), /standins\/language-nodejs\.ts/);
    assert.equal(
      await readFile(join(root, "engine", "pulumi-language-nodejs"), "utf8"),
      '#!/bin/sh\necho "sailor version v1.0.0"\n',
    );
  });

  it("is found in a checkout whose path has what a shell reads otherwise", async () => {
    const checkout = join(root, 'sailor\'s $HOME `id` "harbour"');
    await mkdir(join(checkout, "sandbox", "standins"), { recursive: true });
    await writeFile(join(checkout, "sandbox", "standins", "language-nodejs.ts"), "console.log(process.argv.at(-1))\n");
    await installPlugins("stand-in", checkout, paths());
    assert.equal((await execa(join(paths().bin, "pulumi-language-nodejs"), ["a  b"])).stdout, "a  b");
  });

  it("is completed by a download where there is an official language host", async () => {
    await official(["nodejs", "random"]);
    const download = async (plugins: Readonly<Record<string, string>>, { home }: PluginDownload) => {
      assert.deepEqual(plugins, { kubernetes: "4.32.0" });
      await writeProgram(join(home, "plugins", "resource-kubernetes-v4.32.0"), "4.32.0", "pulumi-resource-kubernetes");
    };
    assert.notEqual(await choose("auto", { download }), "stand-in");
    await rm(join(root, "engine"), { recursive: true });
    assert.equal(
      await choose("auto", { download: () => Promise.reject(new Error("nothing to complete")) }),
      "stand-in",
    );
  });

  it("is downloaded by the engine into the home that is given, and one that cannot be had is only told", async () => {
    const fake = await writeProgram(join(root, "engine"), "1.0.0", "pulumi");
    await writeFile(
      fake,
      '#!/bin/sh\n[ "$4" = random ] && { echo "no such plugin" >&2; exit 1; }\nmkdir -p "$PULUMI_HOME/plugins/$4-$5"\n',
    );
    const site = new Mirror();
    const options = { pulumi: fake, home: join(root, "cached"), log: (line: string) => void lines.push(line) };
    await downloadPlugins(pluginVersions, { ...options, site: await site.start() });
    await site.stop();
    assert.deepEqual(await readdir(join(root, "cached", "plugins")), ["kubernetes-4.32.0"]);
    assert.match(lines.join("\n"), /Official plugin random 4\.21\.1: could not be had: no such plugin/);
    await downloadPlugins(pluginVersions, { ...options, site: "http://127.0.0.1:1" });
    assert.match(lines.at(-1) ?? "", /127\.0\.0\.1:1 cannot be reached/);
  });

  it("stays the one that the state was made with, and says so when another is asked for", async () => {
    await official(["nodejs", "kubernetes", "random"]);
    assert.equal(await choose("auto", { previous: "stand-in" }), "stand-in");
    assert.deepEqual(lines, []);
    assert.notEqual(await choose("official", { previous: "stand-in" }), "stand-in");
    assert.match(lines.join(), /made with stand-in plugins: npm run sandbox -- reset/);
    await rm(join(root, "user"), { recursive: true });
    await assert.rejects(choose("auto", { previous: "official" }), /its state was made with them/);
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
