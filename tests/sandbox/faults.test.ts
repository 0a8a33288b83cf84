import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import {
  activeFaults,
  type Fault,
  type FaultName,
  faultName,
  faultNames,
  parseSelector,
  stageFile,
  writeStages,
} from "../../sandbox/faults.ts";
import { sandboxPaths } from "../../sandbox/paths.ts";

interface Stage {
  metadata: { name: string };
  spec: {
    weight?: number;
    selector: { matchLabels?: object; matchExpressions: { key?: string; values?: string[] }[] };
  };
}

describe("faults of the sandbox", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "keelson-faults-"));
    await mkdir(sandboxPaths(home).cluster, { recursive: true });
  });
  afterEach(() => rm(home, { recursive: true }));

  const write = async (faults: Fault[]): Promise<Stage[]> => {
    await writeStages(sandboxPaths(home), faults);
    const text = await readFile(stageFile(sandboxPaths(home)), "utf8");
    return parseAllDocuments(text).map((document) => document.toJS() as Stage);
  };

  for (const name of Object.keys(faultNames) as FaultName[]) {
    it(`${name} is one more stage, with more weight, for the selected pods only`, async () => {
      const ordinary = await write([]);
      const fault = { name, namespace: "codelab", labels: { "app.kubernetes.io/name": "gateway" } };
      const [added, ...more] = (await write([fault])).filter((stage) => stage.metadata.name.startsWith(name));
      assert.ok(added);
      assert.deepEqual(more, []);
      assert.deepEqual(added.spec.selector.matchLabels, fault.labels);
      assert.ok(
        added.spec.selector.matchExpressions.some(
          ({ key, values }) => key === ".metadata.namespace" && values?.includes("codelab"),
        ),
      );
      assert.ok(ordinary.every((stage) => (added.spec.weight ?? 0) > (stage.spec.weight ?? 0)));
      assert.deepEqual(await activeFaults(sandboxPaths(home)), [fault]);
    });
  }

  it("of one name can be on for several selections, under different stage names", async () => {
    const stages = await write([
      { name: "crash", namespace: "a", labels: {} },
      { name: "crash", namespace: "b", labels: {} },
    ]);
    assert.equal(new Set(stages.map((stage) => stage.metadata.name)).size, stages.length);
  });

  it("are named and selected by words that are checked", () => {
    assert.deepEqual(parseSelector("app.kubernetes.io/name=gateway,tier==web"), {
      "app.kubernetes.io/name": "gateway",
      tier: "web",
    });
    assert.deepEqual(parseSelector(""), {});
    assert.throws(() => parseSelector("app!=x"), /"app!=x" in the selector is not of the form label=value/);
    assert.throws(() => faultName("toString"), /"toString" is no fault; there are image-pull-error, crash/);
  });
});
