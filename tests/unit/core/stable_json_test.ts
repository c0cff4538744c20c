import assert from "assert";
import fc from "fast-check";
import { hash32, stableJson } from "../../../lib/core/mod.ts";

Deno.test("stableJson() does not depend on key order", () => {
  assert.equal(stableJson({ b: { d: 1, c: [2] }, a: null }), '{"a":null,"b":{"c":[2],"d":1}}');
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.integer()), (record) => {
    const reversed = Object.fromEntries(Object.entries(record).reverse());
    assert.equal(stableJson(reversed), stableJson(record));
  }));
});

Deno.test("hash32() spreads close texts evenly", () => {
  const buckets = new Array<number>(16).fill(0);
  for (let i = 0; i < 16_000; i++) {
    const bucket = hash32(`default/web-${i}`) % 16;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  assert.ok(Math.max(...buckets) < 1_200 && Math.min(...buckets) > 800, buckets.join(" "));
});
