import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { Field, unknownValues } from "../../policies/kubernetes/field.ts";
import { allOf, anyOf, not, type Truth } from "../../policies/kubernetes/truth.ts";

const [unknown] = unknownValues;

describe("Field", () => {
  const root = Field.root({
    spec: { replicas: 0, none: null, list: ["a", unknown], later: unknown },
    metadata: { annotations: { "example.com/a.b": "c" } },
  });

  it("knows what is there, what is not, and what is not known yet", () => {
    assert.equal(root.at("spec", "replicas").present, true);
    assert.equal(root.at("spec", "none").present, false);
    assert.equal(root.at("spec", "toString").present, false);
    assert.equal(root.at("spec", "replicas", "deeper").present, false);
    assert.equal(root.at("spec", "list", "0").present, false);
    assert.deepEqual(root.at("spec", "later").present, { unknownAt: "spec.later" });
    assert.deepEqual(root.at("spec", "later", "below").items()[0]?.at("name").present, { unknownAt: "spec.later" });
    assert.equal(root.at("spec", "later").text, undefined);
  });

  it("reads the elements of a list one by one", () => {
    const [first, second, ...more] = root.at("spec", "list").items();
    assert.equal(first?.text, "a");
    assert.deepEqual(second?.present, { unknownAt: "spec.list[1]" });
    assert.equal(more.length, 0);
    assert.deepEqual(root.at("spec", "replicas").items(), []);
  });

  it("says where it is", () => {
    assert.equal(root.at("metadata", "annotations", "example.com/a.b").path, 'metadata.annotations["example.com/a.b"]');
  });

  it("knows every mark that the SDK knows", () => {
    const sdk: Record<string, unknown> = createRequire(import.meta.url)("@pulumi/policy/proxy.js");
    const marks = Object.entries(sdk).filter(([name]) => /^unknown.*Value$/.test(name));
    assert.equal(marks.length, 7);
    assert.deepEqual(new Set(marks.map(([, mark]) => mark)), unknownValues);
  });
});

describe("three-valued answers", () => {
  const later: Truth = { unknownAt: "x" };

  it("are decided by what is known, if that decides", () => {
    assert.equal(anyOf(later, true), true);
    assert.equal(anyOf(false, later), later);
    assert.equal(anyOf(false, false), false);
    assert.equal(anyOf(), false);
    assert.equal(allOf(later, false), false);
    assert.equal(allOf(true, later), later);
    assert.equal(allOf(true, true), true);
    assert.equal(not(later), later);
    assert.equal(not(true), false);
  });
});
