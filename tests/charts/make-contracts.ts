// Writes each chart's contract from the real chart: `node tests/charts/make-contracts.ts`, with KEELSON_REAL_CHARTS set.
import { writeFileSync } from "node:fs";
import { chartCases } from "./cases.ts";
import { type Contract, contractPart } from "./contract.ts";
import { contractFile, findHelm, findRealChart } from "./places.ts";

const helm = findHelm();
if (!helm) throw new Error("helm is not there; start the sandbox once, or put helm on PATH");
for (const { chart, version, cases } of chartCases) {
  const folder = findRealChart(chart, version);
  if (!folder) {
    console.log(`${chart} ${version}: the real chart is not there, its contract stays as it is`);
    continue;
  }
  const contract: Contract = { chart, version, cases: {} };
  for (const [name, use] of Object.entries(cases)) contract.cases[name] = await contractPart(helm, folder, use);
  writeFileSync(contractFile(chart, version), `${JSON.stringify(contract, null, 1)}\n`);
  console.log(
    `${chart} ${version}: ${Object.values(contract.cases)
      .map(({ objects, effects }) => `${objects.length} objects, ${Object.keys(effects).length} values`)
      .join("; ")}`,
  );
}
