import assert from "assert";
import fc from "fast-check";
import { IntervalSet } from "../../../lib/addresses/mod.ts";

/** A plain set that answers the same questions by looking at everything. */
class PlainSet extends Set<number> {
  next(from: number): number | undefined {
    return [...this].filter((n) => n >= from).toSorted((a, b) => a - b)[0];
  }

  previous(from: number): number | undefined {
    return [...this].filter((n) => n <= from).toSorted((a, b) => b - a)[0];
  }

  run(from: number, step: 1 | -1): number {
    let at = from;
    while (this.has(at) && this.has(at + step)) at += step;
    return at;
  }
}

function big(value: number | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt(value);
}

function same(set: IntervalSet, plain: PlainSet, to: number): void {
  assert.equal(set.first(), big(plain.next(0)));
  assert.equal(set.last(), big(plain.previous(to)));
  for (let i = 0; i < to; i++) {
    const at = BigInt(i);
    assert.equal(set.has(at), plain.has(i), `has ${i}`);
    assert.equal(set.next(at), big(plain.next(i)), `next ${i}`);
    assert.equal(set.previous(at), big(plain.previous(i)), `previous ${i}`);
    assert.equal(set.endOf(at), BigInt(plain.run(i, 1)), `end of ${i}`);
    assert.equal(set.startOf(at), BigInt(plain.run(i, -1)), `start of ${i}`);
  }
}

Deno.test("IntervalSet agrees with a plain set over any history", () => {
  const step = fc.record({ add: fc.boolean(), at: fc.nat(30), width: fc.nat(6) });
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const set = new IntervalSet();
    const plain = new PlainSet();
    for (const { add, at, width } of steps) {
      if (add) set.add(BigInt(at), BigInt(at + width));
      else set.remove(BigInt(at), BigInt(at + width));
      for (let i = at; i <= at + width; i++) add ? plain.add(i) : plain.delete(i);
    }
    same(set, plain, 40);
  }));
});

Deno.test("IntervalSet cuts and joins its chunks without losing an interval", () => {
  const set = new IntervalSet();
  const plain = new PlainSet();
  for (let i = 0; i < 6_000; i++) {
    const at = (i * 2_741) % 6_000; // every number below 6,000 once, out of order
    if (at % 2 === 0) continue;
    set.add(BigInt(at));
    plain.add(at);
  }
  assert.deepEqual([...set.intervals()], [...plain].toSorted((a, b) => a - b).map(single));
  set.remove(10n, 5_990n);
  assert.deepEqual(
    [...set.intervals()],
    [1, 3, 5, 7, 9, 5_991, 5_993, 5_995, 5_997, 5_999].map(single),
  );
  set.add(0n, 6_000n);
  assert.deepEqual([...set.intervals()], [[0n, 6_000n]]);
});

function single(n: number): readonly [bigint, bigint] {
  return [BigInt(n), BigInt(n)];
}

Deno.test("IntervalSet holds an IPv6 /64 as one interval", () => {
  const set = new IntervalSet();
  set.add(1n << 64n, (1n << 65n) - 1n);
  assert.equal(set.first(), 1n << 64n);
  set.remove((1n << 64n) + 5n);
  assert.equal(set.next((1n << 64n) + 5n), (1n << 64n) + 6n);
  assert.equal([...set.intervals()].length, 2);
});
