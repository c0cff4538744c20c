/** Cost of one queue operation by the number of keys that wait: flat, or it would not be O(log n). */
import { KeyedQueue } from "../../lib/dispatch/mod.ts";

const done = { kind: "done" } as const;

for (const count of [10, 1_000, 10_000, 100_000]) {
  const keys = Array.from({ length: count }, (_, i) => `kind/default/service-${i}`);
  const queue = new KeyedQueue({ random: () => 0.5 });
  let now = 0;
  let at = 0;
  const next = () => keys[at = (at + 7_919) % count] ?? "";
  for (const key of keys) queue.add(key, now, { delayMs: 1_000 });

  Deno.bench({
    name: `add, take, complete a key beside ${count} that wait`,
    group: "event",
    baseline: count === 10,
    fn() {
      now += 0.001;
      queue.add(next(), now, { priority: 1 });
      const taken = queue.take(now);
      if (taken === undefined) throw new Error("nothing to take");
      queue.complete(taken.key, now, done);
      queue.add(taken.key, now, { delayMs: 1_000 });
    },
  });

  Deno.bench({
    name: `shorten a delay among ${count}`,
    group: "delay",
    baseline: count === 10,
    fn() {
      const key = next();
      queue.forget(key);
      queue.add(key, now, { delayMs: 900 });
      queue.add(key, now, { delayMs: 500 });
    },
  });
}
