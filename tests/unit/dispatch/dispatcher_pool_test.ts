import assert from "assert";
import fc from "fast-check";
import { systemClock } from "../../../lib/core/mod.ts";
import { createDispatcher } from "../../../lib/dispatch/mod.ts";
import { fixturePool } from "../../fakes/fixture_pool.ts";
import { settle } from "../../fakes/fake_clock.ts";

interface Applied {
  readonly overlaps: boolean;
  readonly value: number;
}

const event = fc.record({
  key: fc.constantFrom("a", "b", "c", "d"),
  turns: fc.nat(3),
  pause: fc.boolean(),
  crash: fc.integer({ min: 0, max: 19 }).map((dice) => dice === 0),
});

Deno.test("dispatcher and pool: no key twice at a time, newest state wins, across crashes", async () => {
  await using pool = fixturePool({ size: 2 });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 40 }), async (events) => {
      const state = new Map<string, { value: number; turns: number; crash: boolean }>();
      const applied = new Map<string, number>();
      await using dispatcher = createDispatcher({
        ...{ clock: systemClock, random: () => 0.5, backoff: { firstMs: 1, maxMs: 1 } },
        onError: (key) => {
          const last = state.get(key);
          if (last !== undefined) last.crash = false; // the cause is mended, the retry must do
        },
        async run(key, signal) {
          const { value = 0, turns = 0, crash = false } = state.get(key) ?? {};
          const job = { do: "apply", value, turns, crash } as const;
          const result = await pool.run(key, job, { signal }) as Applied;
          assert.equal(result.overlaps, false, `${key} was in flight twice`);
          applied.set(key, result.value);
          return { kind: "done" };
        },
      });
      for (const [value, { key, turns, pause, crash }] of events.entries()) {
        state.set(key, { value, turns, crash });
        dispatcher.add(key);
        if (pause) await settle();
      }
      const left = () => dispatcher.counts.waiting + dispatcher.counts.running;
      while (left() > 0) await settle();
      const newest = [...state].map(([key, { value }]) => [key, value]);
      assert.deepEqual([...applied].sort(), newest.sort());
    }),
    { numRuns: 25 },
  );
});
