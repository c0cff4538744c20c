import assert from "assert";
import fc from "fast-check";
import { IntervalSet } from "../../../lib/addresses/mod.ts";

Deno.test("IntervalSet agrees with a plain set over any history", () => {
  const step = fc.record({ add: fc.boolean(), at: fc.nat(30), width: fc.nat(4) });
  fc.assert(fc.property(fc.array(step), fc.nat(30), (steps, from) => {
    const set = new IntervalSet();
    const model = new Set<number>();
    for (const { add, at, width } of steps) {
      if (add) {
        set.add(BigInt(at), BigInt(at + width));
        for (let i = at; i <= at + width; i++) model.add(i);
      } else {
        set.remove(BigInt(at));
        model.delete(at);
      }
    }
    for (let i = 0; i < 36; i++) assert.equal(set.has(BigInt(i)), model.has(i), String(i));
    let gap = from;
    while (model.has(gap)) gap++;
    assert.equal(set.nextGap(BigInt(from), 35n), gap <= 35 ? BigInt(gap) : undefined);
  }));
});

Deno.test("IntervalSet holds an IPv6 /64 as one interval", () => {
  const set = new IntervalSet();
  set.add(1n << 64n, (1n << 65n) - 1n);
  assert.equal(set.nextGap(1n << 64n, 1n << 66n), 1n << 65n);
  set.remove((1n << 64n) + 5n);
  assert.equal(set.nextGap(1n << 64n, 1n << 66n), (1n << 64n) + 5n);
});
