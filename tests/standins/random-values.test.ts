import assert from "node:assert/strict";
import { placeholder, randomPassword } from "../../sandbox/standins/random-password.ts";
import { hasUnknown, isSecret, type Json, type JsonObject, plain } from "../../sandbox/standins/values.ts";

const urn = "urn:pulumi:dev::p::random:index/randomPassword:RandomPassword::db";
const create = (inputs: JsonObject, preview = false) =>
  randomPassword.create(urn, inputs, { preview, seconds: 0, ignoreChanges: [] });

describe("a password of the random stand-in", () => {
  it("has the length and the characters that are asked for", async () => {
    const drawn = async (inputs: JsonObject) => String(plain((await create(inputs)).state).result);
    assert.match(await drawn({ length: 300, special: false }), /^[A-Za-z0-9]{300}$/);
    assert.match(await drawn({ length: 300 }), /^[A-Za-z0-9!@#$%&*()\-_=+[\]{}<>:?]{300}$/);
    assert.notEqual(await drawn({ length: 20 }), await drawn({ length: 20 }));
  });

  it("is secret, with its hash", async () => {
    const { id, state } = await create({ length: 20 });
    assert.equal(id, "none");
    for (const output of ["result", "bcryptHash"]) assert.ok(isSecret(state[output]), output);
    assert.match(String(plain(state).bcryptHash), /^\$2[aby]\$10\$/);
  });

  it("is unknown in a preview, and a placeholder of the same length offline", async () => {
    const { state } = await create({ length: 20, special: false }, true);
    assert.deepEqual([state.special, state.length, state.upper], [false, 20, true]);
    assert.ok(isSecret(state.result) && hasUnknown(state.result as Json));
    process.env.KEELSON_OFFLINE = "some file";
    const offline = await create({ length: 20 }, true).finally(() => delete process.env.KEELSON_OFFLINE);
    assert.equal(plain(offline.state).result, "7bdc25d1-db-placehol");
  });

  it("differs offline from every other, however alike their names begin", () => {
    const names = ["password", "postgres-password", "replication-password"].map(
      (end) => `some-rather-long-system-store-${end}`,
    );
    assert.equal(new Set(names.map((name) => placeholder({ length: 32 }, name))).size, 3);
  });

  it("is drawn anew when anything of it changes", async () => {
    const inputs = { length: 20, keepers: { a: "1", b: "2" } };
    assert.deepEqual((await randomPassword.diff(inputs, { keepers: { b: "2", a: "1" }, length: 20 })).replaces, []);
    assert.deepEqual((await randomPassword.diff(inputs, { ...inputs, keepers: { a: "2" } })).replaces, ["keepers"]);
  });

  it("is refused with what the stand-in does not have", () => {
    assert.throws(
      () => randomPassword.check(urn, { length: 8, minLower: 2 }),
      /has no .*RandomPassword with minLower\. It has: /,
    );
    assert.throws(
      () => randomPassword.check(urn.replace(/Password/g, "String"), { length: 8 }),
      /has no .*RandomString\./,
    );
  });
});
