import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { preventEngineLog } from "../../sandbox/engine-log.ts";
import { toolsFolder } from "../../sandbox/paths.ts";
import { tools } from "../../sandbox/tool-catalogue.ts";
import { provideTools, toolSource } from "../../sandbox/tools.ts";

describe("the engine's debug log", () => {
  let pulumiHome: string;

  beforeEach(async () => {
    pulumiHome = await mkdtemp(join(tmpdir(), "keelson-log-"));
  });
  afterEach(() => rm(pulumiHome, { recursive: true }));

  it("is prevented by a file in the place of its folder, which an earlier sandbox may have filled", async () => {
    await mkdir(join(pulumiHome, "logs"));
    await writeFile(join(pulumiHome, "logs", "pulumi-20260101T000000-1-preview.log"), "old");
    await preventEngineLog({ pulumiHome });
    assert.deepEqual(await readdir(pulumiHome), ["logs"]);
    const first = await stat(join(pulumiHome, "logs"));
    assert.ok(first.isFile());
    await preventEngineLog({ pulumiHome });
    assert.equal((await stat(join(pulumiHome, "logs"))).ino, first.ino, "what is right already is left untouched");
  });

  it("is not written by the engine's version that the sandbox runs, which works without", async function () {
    this.timeout(900_000);
    await preventEngineLog({ pulumiHome });
    const provided = await provideTools({
      folder: toolsFolder(),
      log: () => undefined,
      source: toolSource(),
      path: process.env.PATH ?? "",
      mirror: undefined,
      tools: tools.filter(({ name }) => name === "pulumi"),
    });
    const { stdout, stderr } = await execa(provided.get("pulumi") ?? "", ["plugin", "ls"], {
      env: { PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    assert.match(`${stdout}${stderr}`, /plugin/i);
    assert.ok((await stat(join(pulumiHome, "logs"))).isFile());
  });
});
