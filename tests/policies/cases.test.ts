import assert from "node:assert/strict";
import { rules } from "../../policies/rules.ts";
import { casesByRule, kindsOf, objectsOfCase, positionsOf } from "./cases.ts";
import { canWait, checksOf, judged, nameOf, told } from "./checks.ts";
import { podBearing } from "./objects.ts";

/** Rules about the judging itself, whose tests are in waivers.test.ts. */
const aboutJudging = rules.filter(({ sees }) => sees === "judging").map(({ id }) => id);
/** Rules about what the engine always knows: kinds and versions, providers, parents. */
const alwaysKnown = ["api-version-supported", "chart-rendered", "explicit-provider", "no-opaque-release"];

describe("every rule", () => {
  it("has cases in which it is broken, holds, and cannot tell yet, and every case a rule", () => {
    const wanted = rules.map(({ id }) => id).filter((id) => !aboutJudging.includes(id));
    assert.deepEqual([...casesByRule.keys()].sort(), wanted.sort());
    for (const [id, { broken, holds }] of casesByRule)
      assert.ok(broken.length > 0 && holds.length > 0, `${id} needs a case of each`);
    const cannotWait = rules.filter((rule) => !canWait(rule)).map(({ id }) => id);
    assert.deepEqual(cannotWait.sort(), [...alwaysKnown, ...aboutJudging].sort());
  });

  it("has nothing to say about a complete workload of any kind", () => {
    for (const kind of podBearing)
      for (const rule of rules.filter(({ sees }) => sees === "object")) {
        if (kind.kind === "Pod" && rule.id === "no-naked-pods") continue;
        const kindOfItsOwn = ["job-limits", "cronjob-policy"].includes(rule.id);
        if (kindOfItsOwn || (kind.path.length === 1 && rule.id === "restart-policy")) continue;
        const found = judged(rule, {}, objectsOfCase({}, kind));
        assert.deepEqual(found, [], `${rule.id} on ${kind.kind}: ${told(found)}`);
      }
  });
});

for (const rule of rules) {
  describe(rule.id, () => {
    for (const { name, run } of checksOf(rule)) it(name, run);

    const cases = casesByRule.get(rule.id);
    for (const [index, one] of (cases?.broken ?? []).entries())
      if (one.objects === undefined && one.resources === undefined)
        it(`is the only one that is broken: ${nameOf(one, index)}`, () => {
          const [kind = podBearing[3]] = kindsOf(one, cases?.kinds).filter(({ kind }) => kind !== "Pod");
          for (const position of positionsOf(one, cases?.positions)) {
            const objects = objectsOfCase(one, kind, position);
            const bare = objectsOfCase({ pod: {}, ...(one.container ? { container: {} } : {}) }, kind, position);
            const others = rules.filter((other) => other !== rule);
            const broken = others.filter((other) => judged(other, {}, objects).length > judged(other, {}, bare).length);
            assert.deepEqual(broken.map(({ id }) => id).sort(), [...(one.also ?? [])].sort(), position);
          }
        });
  });
}
