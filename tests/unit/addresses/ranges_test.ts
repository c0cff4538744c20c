import assert from "assert";
import fc from "fast-check";
import {
  blocks,
  countEnds,
  formatRange,
  isEnd,
  mergeRanges,
  overlaps,
  rangesHave,
  subtractRanges,
  withoutEnds,
} from "../../../lib/addresses/ranges.ts";
import type { AddressRange } from "../../../lib/addresses/types.ts";

function v4(first: number, last: number): AddressRange {
  return { family: "IPv4", first: BigInt(first), last: BigInt(last) };
}

Deno.test("mergeRanges() melts what overlaps or touches, family by family", () => {
  const v6: AddressRange = { family: "IPv6", first: 5n, last: 6n };
  assert.deepEqual(mergeRanges([v6, v4(7, 9), v4(1, 3), v4(4, 4)]), [v4(1, 4), v4(7, 9), v6]);
});

Deno.test("subtractRanges() cuts holes", () => {
  assert.deepEqual(subtractRanges([v4(1, 9)], [v4(3, 4), v4(9, 20)]), [v4(1, 2), v4(5, 8)]);
});

Deno.test("blocks() are aligned powers of two that make up the range", () => {
  fc.assert(fc.property(fc.nat(5_000), fc.nat(5_000), (first, width) => {
    const parts = blocks(v4(first, first + width));
    let at = BigInt(first);
    for (const part of parts) {
      const size = part.last - part.first + 1n;
      assert.equal(part.first, at);
      assert.equal(size & (size - 1n), 0n);
      assert.equal(part.first % size, 0n);
      at = part.last + 1n;
    }
    assert.equal(at, BigInt(first + width) + 1n);
  }));
});

Deno.test("withoutEnds() spares /31, /32 and IPv6", () => {
  const v6: AddressRange = { family: "IPv6", first: 8n, last: 15n };
  assert.deepEqual(withoutEnds([v4(8, 15), v6]), [v4(9, 14), v6]);
  assert.deepEqual(withoutEnds([v4(8, 9)]), [v4(8, 9)]);
  assert.deepEqual(withoutEnds([v4(8, 8)]), [v4(8, 8)]);
});

Deno.test("countEnds() agrees with isEnd()", () => {
  fc.assert(fc.property(fc.nat(2_000), fc.nat(2_000), (first, width) => {
    let ends = 0n;
    for (let n = first; n <= first + width; n++) if (isEnd("IPv4", BigInt(n))) ends++;
    assert.equal(countEnds(v4(first, first + width)), ends);
  }));
  assert.equal(countEnds({ family: "IPv6", first: 0n, last: 1n << 64n }), 0n);
  assert.equal(isEnd("IPv6", 0n), false);
});

Deno.test("formatRange() and overlaps()", () => {
  assert.equal(formatRange(v4(0x0a000001, 0x0a000009)), "10.0.0.1-10.0.0.9");
  assert.equal(overlaps(v4(1, 5), v4(5, 9)), true);
  assert.equal(overlaps(v4(1, 5), v4(6, 9)), false);
  assert.equal(overlaps(v4(1, 5), { ...v4(1, 5), family: "IPv6" }), false);
});

Deno.test("rangesHave() agrees with a look at every range", () => {
  const numbers = fc.array(fc.tuple(fc.boolean(), fc.nat(60), fc.nat(6)), { maxLength: 12 });
  fc.assert(fc.property(numbers, (list) => {
    const ranges = mergeRanges(list.map(([six, first, width]) => ({
      family: six ? "IPv6" : "IPv4",
      first: BigInt(first),
      last: BigInt(first + width),
    })));
    for (const family of ["IPv4", "IPv6"] as const) {
      for (let value = 0n; value < 70n; value++) {
        const plain = ranges.some((range) =>
          range.family === family && range.first <= value && value <= range.last
        );
        assert.equal(rangesHave(ranges, { family, value }), plain, `${family} ${value}`);
      }
    }
  }));
});
