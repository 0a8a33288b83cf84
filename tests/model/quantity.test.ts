import assert from "node:assert/strict";
import fc from "fast-check";
import { bytesSchema, cpuSchema, parseQuantity } from "../../components/model/quantity.ts";

describe("parseQuantity", () => {
  const known: [string, number][] = [
    ["500m", 0.5],
    ["1", 1],
    ["1.5", 1.5],
    [".5", 0.5],
    ["1Gi", 1073741824],
    ["1G", 1e9],
    ["128Mi", 134217728],
    ["2e3", 2000],
    ["12E", 12e18],
    ["250u", 0.00025],
  ];
  for (const [text, value] of known) it(`reads ${text} as ${value}`, () => assert.equal(parseQuantity(text), value));
  for (const text of ["", "Mi", "1 Gi", "1gi", "0x10", "1Mib", "one"])
    it(`refuses "${text}"`, () => assert.equal(parseQuantity(text), undefined));

  it("keeps the order of whole numbers under any suffix", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.constantFrom("", "m", "k", "Mi", "Gi", "G"), (a, b, suffix) => {
        assert.equal(
          Math.sign((parseQuantity(`${a}${suffix}`) ?? 0) - (parseQuantity(`${b}${suffix}`) ?? 0)),
          Math.sign(a - b),
        );
      }),
    );
  });
});

describe("quantities in settings", () => {
  it("takes cpu with and without a suffix", () =>
    assert.ok(["2", "500m", "0.5"].every((text) => cpuSchema.safeParse(text).success)));
  it("refuses zero and negative amounts", () =>
    assert.ok(["0", "-1", "0m"].every((text) => !cpuSchema.safeParse(text).success)));
  it("refuses what Kubernetes cannot count", () => {
    for (const text of ["1e400", "1E", "10P", `${2 ** 63}`]) assert.ok(!cpuSchema.safeParse(text).success, text);
    for (const text of ["8Ei", "10E", "1e400k"]) assert.ok(!bytesSchema.safeParse(text).success, text);
    assert.ok(cpuSchema.safeParse("9P").success && bytesSchema.safeParse("7Ei").success);
  });
  it("refuses memory without a unit or in milli-bytes", () =>
    assert.ok(["512", "512m"].every((text) => !bytesSchema.safeParse(text).success)));
});
