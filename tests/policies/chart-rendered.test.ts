import assert from "node:assert/strict";
import { objectsOfResource } from "../../policies/kubernetes/pulumi-resource.ts";
import { chartRendered } from "../../policies/rules/chart-rendered.ts";
import { findings } from "./objects.ts";

interface Made {
  type: string;
  name: string;
  parent?: string;
}

function found(...resources: Made[]): string[] {
  const objects = resources.flatMap(({ type, name, parent }) =>
    objectsOfResource({
      type,
      name,
      props: {},
      resource: { urn: `urn:${name}`, ...(parent ? { parent: `urn:${parent}` } : {}) },
    }),
  );
  return findings(chartRendered, objects).map(({ verdict, object }) => `${verdict} ${object.resource?.urn}`);
}

describe("chart-rendered", () => {
  const child = { type: "kubernetes:core/v1:Service", name: "child" };
  for (const type of ["helm.sh/v4:Chart", "yaml/v2:ConfigGroup", "yaml/v2:ConfigFile", "kustomize/v2:Directory"]) {
    it(`wants an object of each ${type}`, () => {
      const chart = { type: `kubernetes:${type}`, name: "chart" };
      assert.deepEqual(found(chart), ["broken urn:chart"]);
      assert.deepEqual(found(chart, { ...child, parent: "chart" }), []);
      assert.deepEqual(found(chart, { ...child, parent: "other" }), ["broken urn:chart"]);
      assert.deepEqual(found(chart, child, { ...chart, name: "second" }, { ...child, name: "b", parent: "second" }), [
        "broken urn:chart",
      ]);
    });
  }

  it("wants none of anything else", () => {
    assert.deepEqual(found(child, { type: "kubernetes:example.com/v1:Chart", name: "custom" }), []);
    assert.deepEqual(found({ type: "my:component:Chart", name: "own" }), []);
  });
});
