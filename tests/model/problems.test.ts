import assert from "node:assert/strict";
import { z } from "zod";
import { cidrSchema } from "../../components/model/cidr.ts";
import { assertNoProblems, keyPath, nearest, printable, problemsOf } from "../../components/model/problems.ts";

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
  it("names the keys of the form that a value says it is of", () => {
    const stores = z.discriminatedUnion("engine", [
      z.strictObject({ engine: z.literal("a"), copies: z.int().optional() }),
      z.strictObject({ engine: z.literal("b"), replicas: z.int().optional() }),
    ]);
    assert.deepEqual(problemsOf(stores, { engine: "b", copies: 1 }), [
      { path: ["copies"], message: "unknown key", fix: "one of: engine, replicas" },
    ]);
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
  it("says what is missing of a choice, too", () => {
    const choice = z.strictObject({ size: z.enum(["small", "large"]), host: z.string().or(z.number()) });
    assert.deepEqual(problemsOf(choice, {}), [
      { path: ["size"], message: "is missing", fix: "one of: small, large" },
      { path: ["host"], message: "is missing", fix: "one of: string | number" },
    ]);
  });
  it("calls types as people do", () => {
    const types = z.strictObject({
      map: z.record(z.string(), z.string()),
      object: z.strictObject({}),
      list: z.array(z.string()),
      whole: z.int(),
    });
    assert.deepEqual(
      problemsOf(types, { map: 1, object: 1, list: 1, whole: "1" }).map(({ fix }) => fix),
      ["give a mapping of keys", "give a mapping of keys", "give a list", "give a number"],
    );
  });
  it("says what an address range is", () =>
    assert.deepEqual(
      ["10.0.0.1", 5].map((value) => problemsOf(cidrSchema, value)[0]?.fix),
      ['must be an address range such as "10.0.0.0/16"', 'must be an address range such as "10.0.0.0/16"'],
    ));
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
  it("are in one line and show what cannot be seen", () => {
    assert.equal(printable("a\nb\u001b[31mc\u202e"), "a\\u{a}b\\u{1b}[31mc\\u{202e}");
    assert.throws(
      () => assertNoProblems(problemsOf(schema, { name: "a", "x\n\u001b[2J": 1 }), "Thing"),
      ({ message }: Error) => message.split("\n").length === 2 && !message.includes("\u001b"),
    );
  });
  it("writes paths as people do", () =>
    assert.equal(keyPath(["services", "gateway", "ports", 0, "port"]), "services.gateway.ports[0].port"));
  it("suggests only what is near", () => {
    assert.equal(nearest("gatway", ["gateway", "auth-service"]), "gateway");
    assert.equal(nearest("completely-else", ["gateway", "auth-service"]), undefined);
  });
});
