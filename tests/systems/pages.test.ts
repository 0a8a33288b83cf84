import assert from "node:assert/strict";
import { systems } from "../../systems/index.ts";
import { namedObjects, page, pointsSomewhere, rows } from "./pages.ts";
import { idsOf, requirements } from "./requirements.ts";

describe("the page of a system", () => {
  for (const system of Object.keys(systems)) {
    const text = page(system) ?? "";

    it(`${system}: is there, with its drawing`, () => {
      assert.ok(text, `docs/systems/${system}.md is missing`);
      assert.ok(text.includes(`](${system}.svg)`), "the drawing");
    });

    it(`${system}: has every id of its document, once`, () => {
      const ids = rows(text).flatMap((row) => row.ids);
      assert.deepEqual(ids.toSorted(), idsOf(system));
    });

    it(`${system}: says for each where it is met`, () => {
      for (const { ids, where } of rows(text)) assert.ok(pointsSomewhere(where), `${ids}: ${where}`);
    });
  }

  it("is asked for of every documented system", () => {
    for (const system of Object.keys(systems).filter((name) => name !== "cluster"))
      assert.ok(system in requirements, system);
  });
});

describe("how a page is read", () => {
  it("finds ids, objects and environments", () => {
    const text =
      "| id | what | where |\n|---|---|---|\n| 001-GW-1, 001-GW-2 | a | `Deployment/gateway`, `Job/x-1a.b in dev` |\n";
    assert.deepEqual(rows(text), [
      { ids: ["001-GW-1", "001-GW-2"], where: "`Deployment/gateway`, `Job/x-1a.b in dev`" },
    ]);
    assert.deepEqual(namedObjects(text), [
      { kind: "Deployment", name: "gateway", environment: "prod" },
      { kind: "Job", name: "x-1a.b", environment: "dev" },
    ]);
  });

  it("is not content with nothing", () => {
    assert.equal(pointsSomewhere("somewhere"), false);
    assert.equal(pointsSomewhere("not met:"), false);
    assert.ok(pointsSomewhere("not met: no reason to"));
    assert.ok(pointsSomewhere("[here](there.md)"));
  });
});
