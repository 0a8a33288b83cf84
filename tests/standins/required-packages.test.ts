import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { words } from "../../sandbox/standins/node-processes.ts";
import { requiredPlugins } from "../../sandbox/standins/required-packages.ts";

describe("the plugins that a program needs", () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "keelson-packages-"));
    const write = async (folder: string, manifest: object) => {
      await mkdir(join(root, folder), { recursive: true });
      await writeFile(join(root, folder, "package.json"), JSON.stringify(manifest));
    };
    await write("node_modules/@pulumi/cloud", { name: "@pulumi/cloud", version: "1.2.3", pulumi: { resource: true } });
    await write("node_modules/named", {
      name: "named",
      version: "9.9.9",
      pulumi: { resource: true, name: "other", version: "2.0.0" },
    });
    await write("node_modules/plain", {
      name: "plain",
      version: "1.0.0",
      pulumi: "marked as a deployment-time package",
    });
    await write("library", { name: "library", version: "1.0.0" });
    await write("library/node_modules/@pulumi/nested", {
      name: "@pulumi/nested",
      version: "3.0.0",
      pulumi: { resource: true },
    });
    await write("rules", { name: "rules", version: "1.0.0" });
    await writeFile(join(root, "rules/PulumiPolicy.yaml"), "runtime: nodejs\n");
    await write("rules/node_modules/@pulumi/policed", {
      name: "@pulumi/policed",
      version: "4.0.0",
      pulumi: { resource: true },
    });
    for (const workspace of ["library", "rules"])
      await symlink(join(root, workspace), join(root, "node_modules", workspace));
    await symlink(join(root, "nowhere"), join(root, "node_modules", "dangling"));
  });
  after(() => rm(root, { recursive: true, force: true }));

  it("are those of its packages and workspaces, not those of a policy pack", () => {
    const found = requiredPlugins(root).map(({ name, version }) => `${name} ${version}`);
    assert.deepEqual(found.sort(), ["cloud v1.2.3", "nested v3.0.0", "other v2.0.0"]);
  });

  it("are kubernetes and random for this project", () => {
    const found = requiredPlugins(resolve(".")).map(({ name, version }) => `${name} ${version}`);
    assert.deepEqual(found.sort(), ["kubernetes v4.32.0", "random v4.21.1"]);
  });
});

describe("arguments for node in Pulumi.yaml", () => {
  it("are split as a shell does", () => {
    assert.deepEqual(words(`--import "./a b.mjs"  --title='x y' -z`), ["--import", "./a b.mjs", "--title=x y", "-z"]);
    assert.deepEqual(words(""), []);
  });
});
