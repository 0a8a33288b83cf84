import assert from "node:assert/strict";
import { z } from "zod";
import { assertNoProblems, keyPath, nearest, problemsOf } from "../../components/model/problems.ts";

const schema = z.strictObject({
  name: z.string(),
  size: z.enum(["small", "large"]).optional(),
  ports: z.array(z.strictObject({ port: z.int().min(1).max(65535) })).optional(),
  value: z.union([z.string(), z.strictObject({ secret: z.string(), key: z.string() })]).optional(),
});
const one = (value: unknown) => {
  const found = problemsOf(schema, value);
  assert.equal(found.length, 1, JSON.stringify(found));
  return found[0];
};

describe("problemsOf", () => {
  it("finds nothing wrong with a value that fits", () =>
    assert.deepEqual(problemsOf(schema, { name: "a", value: { secret: "s", key: "k" } }), []));
  it("names an unknown key and the nearest known one", () => {
    assert.deepEqual(one({ name: "a", sise: "small" }), {
      path: ["sise"],
      message: "unknown key",
      fix: 'did you mean "size"? (one of: name, ports, size, value)',
    });
  });
  it("lists allowed values", () =>
    assert.deepEqual(one({ name: "a", size: "huge" }), {
      path: ["size"],
      message: "is no allowed value",
      fix: "one of: small, large",
    }));
  it("says what is missing", () =>
    assert.deepEqual(one({}), { path: ["name"], message: "is missing", fix: "give a string" }));
  it("says which type is right", () =>
    assert.deepEqual(one({ name: 1 }), { path: ["name"], message: "has the wrong type", fix: "give a string" }));
  it("gives bounds of numbers, deep inside", () =>
    assert.deepEqual(one({ name: "a", ports: [{ port: 0 }] }), {
      path: ["ports", 0, "port"],
      message: "is too small",
      fix: "at least 1",
    }));
  it("blames the branch of a union that was meant", () =>
    assert.deepEqual(one({ name: "a", value: { secret: "s" } }), {
      path: ["value", "key"],
      message: "is missing",
      fix: "give a string",
    }));
  it("lists the forms where no branch was meant", () =>
    assert.equal(one({ name: "a", value: 3 })?.fix, "one of: string | {secret, key}"));
  it("reports all problems at once", () =>
    assert.equal(problemsOf(schema, { size: "huge", ports: [{ port: 70000 }], extra: 1 }).length, 4));
});

describe("assertNoProblems", () => {
  it("throws one message with every problem and its place", () => {
    assert.throws(
      () => assertNoProblems(problemsOf(schema, { size: "huge" }), 'Thing "x"'),
      /^Error: Thing "x" has 2 problems:\n {2}name: is missing; give a string\n {2}size: is no allowed value; one of: small, large$/,
    );
  });
});

describe("names in messages", () => {
  it("writes paths as people do", () =>
    assert.equal(keyPath(["services", "gateway", "ports", 0, "port"]), "services.gateway.ports[0].port"));
  it("suggests only what is near", () => {
    assert.equal(nearest("gatway", ["gateway", "auth-service"]), "gateway");
    assert.equal(nearest("completely-else", ["gateway", "auth-service"]), undefined);
  });
});
