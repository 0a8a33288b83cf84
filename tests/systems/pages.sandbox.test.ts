import assert from "node:assert/strict";
import { systems } from "../../systems/index.ts";
import { renderedObjects } from "../rendered.ts";
import { namedObjects, page } from "./pages.ts";

describe("the page of a system", () => {
  for (const system of Object.keys(systems)) {
    it(`${system}: names objects that exist`, async () => {
      const missing: string[] = [];
      for (const { kind, name, environment } of namedObjects(page(system) ?? "")) {
        const all = await renderedObjects(system, environment);
        if (!all.some((one) => one.kind === kind && one.metadata.name === name))
          missing.push(`${kind}/${name} in ${environment}`);
      }
      assert.deepEqual(missing, []);
    });
  }
});
