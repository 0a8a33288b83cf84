import assert from "node:assert/strict";
import { kubernetesSchema } from "../../policies/kubernetes/schema.ts";
import { newestKubernetes } from "../../policies/kubernetes/version.ts";
import { tableOf } from "../../policies/schema-table.ts";

describe("the table of Kubernetes' kinds and fields", () => {
  it("is that of the newest version that the rules know", () => {
    assert.equal(kubernetesSchema().version, `1.${newestKubernetes.minor}`);
  });

  it("has every type that it names", () => {
    const { kinds, types } = kubernetesSchema();
    const named = [
      ...Object.values(kinds),
      ...Object.values(types).flatMap((fields) =>
        Object.values(fields).flatMap((shape) => (shape.includes("#") ? [shape.slice(shape.indexOf("#") + 1)] : [])),
      ),
    ];
    assert.deepEqual(
      named.filter((name) => !(name in types)),
      [],
    );
    assert.ok("apps/v1 Deployment" in kinds && "v1 Pod" in kinds);
  });

  it("is made of what an API server says of its types", () => {
    const core = "io.k8s.api.core.v1";
    const schemas = {
      [`${core}.Thing`]: {
        "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Thing" }],
        properties: {
          kind: { type: "string" },
          spec: { allOf: [{ $ref: `#/components/schemas/${core}.Spec` }] },
          amounts: { type: "object", additionalProperties: { $ref: "#/components/schemas/io.k8s.Quantity" } },
          port: { oneOf: [{ type: "integer" }, { type: "string" }] },
          many: { type: "array", items: { $ref: `#/components/schemas/${core}.Spec` } },
          free: { type: "object" },
          count: { type: "integer" },
          share: { type: "number" },
          on: { type: "boolean" },
          any: {},
        },
      },
      [`${core}.Spec`]: { properties: { again: { $ref: `#/components/schemas/${core}.Spec` } } },
      [`${core}.ThingList`]: {
        "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "ThingList" }],
      },
      "io.k8s.Quantity": { oneOf: [{ type: "string" }, { type: "number" }] },
    };
    assert.deepEqual(tableOf("1.36", schemas), {
      version: "1.36",
      kinds: { "v1 Thing": "core.v1.Thing" },
      types: {
        "core.v1.Spec": { again: "#core.v1.Spec" },
        "core.v1.Thing": {
          kind: "s",
          spec: "#core.v1.Spec",
          amounts: "{q",
          port: "x",
          many: "[#core.v1.Spec",
          free: "a",
          count: "i",
          share: "n",
          on: "b",
          any: "a",
        },
      },
    });
  });
});
