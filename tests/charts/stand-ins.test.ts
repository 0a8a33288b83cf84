import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { skip } from "../skip.ts";
import { chartCases } from "./cases.ts";
import { type Contract, contractPart, reduceObjects, renderChart } from "./contract.ts";
import { contractFile, findHelm, findRealChart, standInCharts } from "./places.ts";

const helm = findHelm();

function contractOf(chart: string, version: string): Contract {
  return JSON.parse(readFileSync(contractFile(chart, version), "utf8")) as Contract;
}

for (const { chart, version, cases } of chartCases) {
  describe(`chart ${chart} ${version}`, function () {
    this.timeout(120_000);
    const standIn = join(standInCharts, chart);
    const real = findRealChart(chart, version);

    before(function () {
      if (!helm) skip(this, "helm is not there; start the sandbox once, or put helm on PATH");
    });

    it("has a contract for the values that the components set", () => {
      assert.ok(existsSync(contractFile(chart, version)));
      const recorded = Object.entries(contractOf(chart, version).cases).map(
        ([name, { values, release, namespace }]) => [name, { release, namespace, values }],
      );
      assert.deepEqual(Object.fromEntries(recorded), cases);
    });

    for (const [name, use] of Object.entries(cases)) {
      it(`is stood in for by the same objects: ${name}`, async () => {
        const objects = reduceObjects(await renderChart(helm ?? "", standIn, use));
        assert.deepEqual(objects, contractOf(chart, version).cases[name]?.objects);
      });
    }

    for (const [name, use] of Object.entries(cases)) {
      // The smallest use sets hardly anything that is no default.
      if (name === "dev") continue;
      it(`is stood in for by a chart that heeds the same values: ${name}`, async () => {
        const { effects } = await contractPart(helm ?? "", standIn, use);
        assert.deepEqual(effects, contractOf(chart, version).cases[name]?.effects);
      });
    }

    for (const [name, use] of Object.entries(cases)) {
      it(`keeps its contract itself: ${name}`, async function () {
        if (!real) {
          skip(
            this,
            `the real chart is not there; put it into the folder KEELSON_REAL_CHARTS, as ${chart}-${version} or ${chart}`,
          );
        }
        const objects = reduceObjects(await renderChart(helm ?? "", real ?? "", use));
        assert.deepEqual(objects, contractOf(chart, version).cases[name]?.objects);
      });
    }
  });
}
