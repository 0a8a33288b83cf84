import assert from "node:assert/strict";
import fc from "fast-check";
import { findCanaries } from "./canaries.ts";

const secret = fc.stringMatching(/^[A-Za-z0-9]{16,64}$/);

describe("canaries", () => {
  it("are found plain and in base64, whatever stands before and after them", () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (canary, before, after) => {
        const whole = `${before}${canary}${after}`;
        assert.deepEqual(findCanaries([canary], { plain: whole, base64: Buffer.from(whole).toString("base64") }), [
          "plain: canary 0",
          "base64: canary 0",
        ]);
      }),
    );
  });

  it("are not found where they are not", () => {
    fc.assert(
      fc.property(secret, secret, (canary, other) => {
        fc.pre(!other.slice(1).includes(canary));
        const texts = { plain: other.slice(1), base64: Buffer.from(other.slice(1)).toString("base64") };
        assert.deepEqual(findCanaries([canary], texts), []);
      }),
    );
  });
});
