import assert from "assert";
import fc from "fast-check";
import { backoffMs, defaultBackoff } from "../../../lib/dispatch/backoff.ts";

for (
  const [failures, expected] of [[1, 1_000], [2, 2_000], [5, 16_000], [9, 256_000], [
    10,
    300_000,
  ], [5_000, 300_000]] as const
) {
  Deno.test(`backoffMs() after ${failures} failures is ${expected} ms`, () => {
    assert.equal(backoffMs(failures, defaultBackoff, 0.5), expected);
  });
}

Deno.test("backoffMs() stays within 20 % of the middle and below the limit", () => {
  const random = fc.double({ min: 0, max: 0.999, noNaN: true });
  fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), random, (failures, place) => {
    const middle = Math.min(1_000 * 2 ** (failures - 1), 300_000 / 0.8);
    const delay = backoffMs(failures, defaultBackoff, place);
    assert.ok(delay >= Math.floor(0.8 * middle) && delay <= Math.ceil(1.2 * middle));
    assert.ok(delay <= 300_000);
  }));
});
