import assert from "assert";
import fc from "fast-check";
import { NumberPool } from "../../../lib/embedded/number_pool.ts";

Deno.test("NumberPool.free() never gives out a used number and finds the last free one", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("take" as const) }),
    fc.record({ kind: fc.constant("release" as const), pick: fc.nat() }),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.array(step, { maxLength: 60 }),
      (size, steps) => {
        const pool = new NumberPool({ first: 100n, last: 99n + BigInt(size) });
        const used: bigint[] = [];
        for (const action of steps) {
          if (action.kind === "take") {
            const value = pool.free();
            assert.equal(value === undefined, used.length === size);
            if (value === undefined) continue;
            assert.ok(!used.includes(value) && pool.holds(value));
            pool.take(value);
            used.push(value);
          } else if (used.length > 0) {
            const [value = 0n] = used.splice(action.pick % used.length, 1);
            pool.release(value);
            assert.ok(!pool.used(value));
          }
        }
      },
    ),
  );
});

Deno.test("NumberPool counts users, starts where told and skips", () => {
  const pool = new NumberPool({ first: 1n, last: 5n, start: 3n });
  assert.equal(pool.free(), 3n);
  assert.equal(pool.free(new Set([4n])), 5n);
  pool.take(1n);
  pool.take(1n);
  pool.release(1n);
  assert.ok(pool.used(1n));
  assert.ok(!pool.holds(6n));
});
