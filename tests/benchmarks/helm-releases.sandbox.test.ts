import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { helmReleases } from "../../benchmarks/helm-releases.ts";
import { renderOffline } from "../../sandbox/offline.ts";
import { ownCheckout } from "../../sandbox/paths.ts";

describe("the Helm releases that CodeLab's production is measured against", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "keelson-releases-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("are all charts that the stack installs, and two of all else", async () => {
    const charts = join(ownCheckout, "sandbox", "charts");
    const releases = await helmReleases(folder, { kubeconfig: "", context: "", server: "", charts });
    const config = { "keelson:system": "codelab", "keelson:environment": "prod" };
    const installed = (await renderOffline({ config })).flatMap(
      ({ urn }) => /kubernetes:helm\.sh\/v4:Chart\$.*::([^:]+):/.exec(urn)?.[1] ?? [],
    );
    assert.equal(releases.length, new Set(installed).size + 2, [...new Set(installed)].join());
    for (const { chart, values } of releases) assert.ok(existsSync(chart) && existsSync(values), chart);
    assert.match(await readFile(join(folder, "codelab", "objects.yaml"), "utf8"), /bench-tag-mark/);
  });
});
