import assert from "node:assert/strict";
import fc from "fast-check";
import { nanosOf } from "../../policies/kubernetes/quantity.ts";

const one = 1_000_000_000n;

describe("nanosOf reads quantities as Kubernetes does", () => {
  const cases: [unknown, bigint | undefined][] = [
    ["1", one],
    [1, one],
    [0.25, one / 4n],
    ["100m", one / 10n],
    ["1u", 1000n],
    ["1n", 1n],
    ["0.1n", 1n], // rounds away from zero
    ["-0.1n", -1n],
    ["1e-12", 1n],
    ["1Ki", 1024n * one],
    ["1.5Gi", 1536n * 1024n * 1024n * one],
    ["0.5Ki", 512n * one],
    ["1k", 1000n * one],
    ["1K", undefined],
    ["1E", 10n ** 18n * one],
    ["1E3", 1000n * one],
    ["1e+3", 1000n * one],
    [1e21, 10n ** 21n * one],
    ["9Ei", (2n ** 63n - 1n) * one], // capped
    ["8Ei", (2n ** 63n - 1n) * one],
    ["1.G", 10n ** 9n * one],
    [".5", one / 2n],
    ["+1", one],
    ["-1", -one],
    ["+", 0n],
    [".", 0n],
    ["m", 0n],
    [" 1 ", one],
    ["0", 0n],
    ["00Mi", 0n],
    ["", undefined],
    ["  ", undefined],
    ["1 Gi", undefined],
    ["1gi", undefined],
    ["1GiB", undefined],
    ["1e", undefined],
    ["1e1.5", undefined],
    ["1e9223372036854775808", undefined],
    ["0x10", undefined],
    ["1,5", undefined],
    ["--1", undefined],
    ["toString", undefined],
    ["NaN", undefined],
    [Number.NaN, undefined],
    [true, undefined],
    [null, undefined],
    [undefined, undefined],
    [{}, undefined],
  ];
  for (const [value, nanos] of cases) {
    it(`${JSON.stringify(value) ?? "undefined"} is ${nanos === undefined ? "none" : `${nanos}n`}`, () => {
      assert.equal(nanosOf(value), nanos);
    });
  }

  it("spends no time on a huge exponent", () => {
    assert.ok((nanosOf("1e999999999") ?? 0n) > 0n);
    assert.equal(nanosOf("0e999999999"), 0n);
    assert.equal(nanosOf("1e-999999999"), 1n);
  });

  it("reads the same amount however it is spelled", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), (n) => {
        const nanos = nanosOf(`${n}`);
        assert.equal(nanos, n * one);
        for (const spelling of [`${n}000m`, `${n}e0`, `${n}.0`, `0${n}`, `+${n}`, `${n * 1000n}e-3`, ` ${n}`]) {
          assert.equal(nanosOf(spelling), nanos, spelling);
        }
        assert.equal(nanosOf(`${n}Ki`), nanosOf(`${n * 1024n}`));
        assert.equal(nanosOf(`${n}M`), nanosOf(`${n}E6`));
        assert.equal(nanosOf(`-${n}`), -(n * one));
      }),
    );
  });
});
