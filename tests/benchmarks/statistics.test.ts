import assert from "node:assert/strict";
import fc from "fast-check";
import { alternate } from "../../benchmarks/alternate.ts";
import { median, pairedRatio, seconds } from "../../benchmarks/statistics.ts";

describe("the statistics of measurements", () => {
  it("have a median with as many values above as below, whatever their order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const middle = median(values);
        const half = values.length / 2;
        assert.ok(values.filter((value) => value < middle).length <= half);
        assert.ok(values.filter((value) => value > middle).length <= half);
      }),
    );
  });

  it("have no median of nothing", () => {
    assert.throws(() => median([]), /no median of nothing/);
  });

  it("compare neighbouring runs, so that a slow minute of the machine does not count", () => {
    assert.equal(pairedRatio([1, 10, 3], [2, 20, 6]), 0.5);
  });

  it("show the median with the least and the most, and a single one alone", () => {
    assert.equal(seconds([3, 1.04, 2]), "2.0 s (1.0–3.0)");
    assert.equal(seconds([2.26]), "2.3 s");
  });
});

describe("measuring in turn", () => {
  it("runs the sides one after the other, and each once before it counts", async () => {
    const order: string[] = [];
    const side = (name: string) => async () => order.push(name);
    const measured = await alternate({ a: side("a"), b: side("b") }, { runs: 2, progress: () => undefined });
    assert.deepEqual(order, ["a", "b", "a", "b", "a", "b"]);
    assert.deepEqual(measured, { a: [3, 5], b: [4, 6] });
  });
});
