import assert from "node:assert/strict";
import fc from "fast-check";
import { draw, drawnTypes, inputErrors, placeholder, preview } from "../../sandbox/standins/random-values.ts";
import { hasUnknown, isSecret, type Json, plainObject } from "../../sandbox/standins/values.ts";

const [password = "", text = "", bytes = "", identifier = ""] = drawnTypes;

describe("drawn values", () => {
  it("have the length, the classes and the minimums that are asked for", () => {
    const minimums = fc.record({
      minLower: fc.nat(4),
      minUpper: fc.nat(4),
      minNumeric: fc.nat(4),
      minSpecial: fc.nat(4),
    });
    fc.assert(
      fc.property(minimums, fc.integer({ min: 16, max: 40 }), (asked, length) => {
        const { result } = plainObject(draw(text, { ...asked, length, overrideSpecial: "_-" }).outputs);
        const drawn = String(result);
        const count = (pattern: RegExp) => drawn.match(pattern)?.length ?? 0;
        assert.equal(drawn.length, length);
        assert.match(drawn, /^[A-Za-z0-9_-]+$/);
        assert.ok(count(/[a-z]/g) >= asked.minLower && count(/[A-Z]/g) >= asked.minUpper);
        assert.ok(count(/[0-9]/g) >= asked.minNumeric && count(/[_-]/g) >= asked.minSpecial);
      }),
    );
  });

  it("leave out the classes that are switched off", () => {
    const { result } = plainObject(draw(text, { length: 200, special: false, upper: false, numeric: false }).outputs);
    assert.match(String(result), /^[a-z]{200}$/);
  });

  it("are secret where the official plugin's are", () => {
    const drawn = draw(password, { length: 20 });
    assert.equal(drawn.id, "none");
    for (const output of ["result", "bcryptHash"]) assert.ok(isSecret(drawn.outputs[output]), output);
    const { result, bcryptHash } = plainObject(drawn.outputs);
    assert.match(String(bcryptHash), /^\$2[aby]\$10\$/);
    assert.notEqual(result, plainObject(draw(password, { length: 20 }).outputs).result);
    assert.ok(isSecret(draw(bytes, { length: 8 }).outputs.base64));
  });

  it("are written in every way that RandomId has", () => {
    const { id, outputs } = draw(identifier, { byteLength: 4, prefix: "x-" });
    const hex = String(outputs.hex).slice(2);
    assert.equal(outputs.dec, `x-${Number.parseInt(hex, 16)}`);
    assert.equal(outputs.b64Url, `x-${id}`);
    assert.equal(Buffer.from(id, "base64url").toString("hex"), hex);
  });

  it("are unknown in a preview, and a placeholder of the same length offline", () => {
    const known = preview(password, { length: 20, special: false }).outputs;
    assert.deepEqual([known.special, known.length, known.upper], [false, 20, true]);
    for (const output of ["result", "bcryptHash"]) {
      assert.ok(isSecret(known[output]) && hasUnknown(known[output] as Json), output);
    }
    const shown = plainObject(placeholder(password, { length: 20 }, "db").outputs).result;
    assert.equal(shown, "db-placeholder-db-pl");
  });

  it("are refused with a reason when they cannot be drawn", () => {
    assert.deepEqual(inputErrors(password, {}), [["length", "Missing required property 'length'"]]);
    assert.deepEqual(inputErrors(identifier, { byteLength: 0 }), [
      ["byteLength", "byteLength must be at least 1, got 0"],
    ]);
    assert.match(inputErrors(text, { length: 3, minLower: 4 })[0]?.[1] ?? "", /sum of the minimums \(4\)/);
    assert.deepEqual(inputErrors(text, { length: 8 }), []);
  });
});
