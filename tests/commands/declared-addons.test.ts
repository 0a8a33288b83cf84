import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declaredAddons } from "../../commands/declared-addons.ts";
import type { Sandbox } from "../../sandbox/index.ts";
import { sandboxPaths } from "../../sandbox/paths.ts";

describe("the add-ons that a stack declares", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "keelson-declared-"));
    await mkdir(sandboxPaths(home).project);
  });
  afterEach(() => rm(home, { recursive: true }));

  const declared = async (text: string) => {
    const paths = sandboxPaths(home);
    await writeFile(join(paths.project, "Pulumi.x.yaml"), text);
    const marker = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };
    return declaredAddons({ paths, marker } as Sandbox, "x");
  };

  it("are those that the program will see", async () => {
    const addons = await declared("config:\n  keelson:system: codelab\n  keelson:environment: dev\n");
    assert.equal(addons.certManager?.ownership, "own");
  });

  it("are none where the settings have mistakes or the file says nothing", async () => {
    for (const text of ["", "# nothing\n", "config:\n", "config:\n  keelson:system: nope\n"])
      assert.deepEqual(await declared(text), {}, text);
  });
});
