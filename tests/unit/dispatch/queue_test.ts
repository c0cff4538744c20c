import assert from "assert";
import fc from "fast-check";
import { KeyedQueue } from "../../../lib/dispatch/queue.ts";

const done = { kind: "done" } as const;
const failed = { kind: "failed", retryable: true } as const;
const hopeless = { kind: "failed", retryable: false } as const;

function queue() {
  return new KeyedQueue({ random: () => 0.5 });
}

function takeAll(keys: KeyedQueue, now: number): string[] {
  const taken: string[] = [];
  for (let next = keys.take(now); next !== undefined; next = keys.take(now)) taken.push(next.key);
  return taken;
}

Deno.test("take() hands out keys in the order of their adds, each once", () => {
  const keys = queue();
  for (const key of ["b", "a", "b", "c", "a"]) keys.add(key, 0);
  assert.deepEqual(takeAll(keys, 0), ["b", "a", "c"]);
});

Deno.test("take() prefers higher priority, and the highest of several adds counts", () => {
  const keys = queue();
  keys.add("low", 0);
  keys.add("high", 0, { priority: 5 });
  keys.add("raised", 0);
  keys.add("raised", 0, { priority: 7 });
  keys.add("raised", 0, { priority: 1 });
  assert.deepEqual(takeAll(keys, 0), ["raised", "high", "low"]);
});

Deno.test("take() leaves delayed keys until their time", () => {
  const keys = queue();
  keys.add("late", 0, { delayMs: 100 });
  keys.add("soon", 0, { delayMs: 50 });
  assert.equal(keys.take(49), undefined);
  assert.equal(keys.nextDueAt, 50);
  assert.deepEqual(keys.take(60), { key: "soon", waitedMs: 10, failures: 0 });
  assert.equal(keys.nextDueAt, 100);
  assert.deepEqual(takeAll(keys, 100), ["late"]);
  assert.equal(keys.nextDueAt, undefined);
});

Deno.test("add() keeps the smallest delay", () => {
  const keys = queue();
  keys.add("a", 0, { delayMs: 100 });
  keys.add("a", 10, { delayMs: 20 });
  keys.add("a", 10, { delayMs: 500 });
  assert.equal(keys.nextDueAt, 30);
  keys.add("a", 12);
  assert.deepEqual(takeAll(keys, 12), ["a"]);
});

Deno.test("add() of a running key runs it once more, after it is complete", () => {
  const keys = queue();
  keys.add("a", 0);
  keys.take(0);
  keys.add("a", 1);
  keys.add("a", 2);
  assert.equal(keys.take(3), undefined);
  keys.complete("a", 4, done);
  assert.deepEqual(keys.take(4), { key: "a", waitedMs: 3, failures: 0 });
  keys.complete("a", 5, done);
  assert.equal(keys.take(6), undefined);
  assert.deepEqual([keys.waiting, keys.running], [0, 0]);
});

Deno.test("complete() backs off after failures and starts over after a success", () => {
  const keys = queue();
  const delays: number[] = [];
  let now = 0;
  keys.add("a", now);
  for (const result of [failed, failed, failed, { kind: "requeueAfter", ms: 5 }, failed] as const) {
    keys.take(now);
    keys.complete("a", now, result);
    delays.push((keys.nextDueAt ?? NaN) - now);
    now = keys.nextDueAt ?? NaN;
  }
  assert.deepEqual(delays, [1_000, 2_000, 4_000, 5, 1_000]);
});

Deno.test("complete() drops a key that cannot succeed without a new event", () => {
  const keys = queue();
  keys.add("a", 0);
  keys.take(0);
  keys.complete("a", 0, hopeless);
  assert.equal(keys.waiting, 0);
});

Deno.test("complete() of a key that is not running is ignored", () => {
  const keys = queue();
  keys.complete("never", 0, failed);
  keys.add("a", 0);
  keys.complete("a", 0, done);
  assert.deepEqual(takeAll(keys, 0), ["a"]);
});

Deno.test("add() overrides the delay of back-off, the failures stay", () => {
  const keys = queue();
  keys.add("a", 0);
  for (const now of [0, 1, 2]) {
    assert.equal(keys.take(now)?.failures, now);
    keys.complete("a", now, failed);
    keys.add("a", now + 1);
  }
  keys.take(3);
  keys.add("a", 4); // during the run
  keys.complete("a", 5, failed);
  assert.deepEqual(keys.take(5), { key: "a", waitedMs: 1, failures: 4 });
});

Deno.test("forget() drops waiting keys and their failures", () => {
  const keys = queue();
  keys.add("ready", 0);
  keys.add("delayed", 0, { delayMs: 10 });
  keys.forget("ready");
  keys.forget("delayed");
  keys.forget("unknown");
  assert.deepEqual([keys.waiting, keys.nextDueAt], [0, undefined]);
  keys.add("a", 0);
  keys.take(0);
  keys.complete("a", 0, failed);
  keys.forget("a");
  keys.add("a", 1);
  assert.equal(keys.take(1)?.failures, 0);
});

Deno.test("forget() of a running key: no retry, but a later add counts", () => {
  const keys = queue();
  for (const again of [false, true]) {
    keys.add("a", 0);
    keys.take(0);
    keys.add("a", 1);
    keys.forget("a");
    if (again) keys.add("a", 2);
    keys.complete("a", 3, failed);
    assert.deepEqual(keys.take(3), again ? { key: "a", waitedMs: 1, failures: 0 } : undefined);
  }
});

const op = fc.oneof(
  fc.record({
    do: fc.constant("add" as const),
    key: fc.constantFrom("a", "b", "c", "d"),
    delayMs: fc.constantFrom(0, 0, 5, 1_000),
    priority: fc.nat(2),
  }),
  fc.record({ do: fc.constant("take" as const) }),
  fc.record({
    do: fc.constant("complete" as const),
    pick: fc.nat(),
    result: fc.constantFrom(done, failed, hopeless, { kind: "requeueAfter", ms: 7 } as const),
  }),
  fc.record({ do: fc.constant("forget" as const), key: fc.constantFrom("a", "b") }),
  fc.record({ do: fc.constant("pass" as const), ms: fc.nat(2_000) }),
);

Deno.test("KeyedQueue never has a key in flight twice and loses no add", () => {
  fc.assert(fc.property(fc.array(op, { maxLength: 120 }), (ops) => {
    const keys = queue();
    const running = new Set<string>();
    const owed = new Set<string>(); // added since its last take
    let now = 0;
    const take = () => {
      const taken = keys.take(now);
      if (taken === undefined) return false;
      assert.ok(!running.has(taken.key), `${taken.key} in flight twice`);
      running.add(taken.key);
      owed.delete(taken.key);
      return true;
    };
    for (const each of ops) {
      if (each.do === "pass") now += each.ms;
      if (each.do === "take") take();
      if (each.do === "add") {
        keys.add(each.key, now, each);
        owed.add(each.key);
      }
      if (each.do === "forget") {
        keys.forget(each.key);
        owed.delete(each.key);
      }
      const picked = "pick" in each ? [...running][each.pick % (running.size || 1)] : undefined;
      if (each.do === "complete" && picked !== undefined) {
        running.delete(picked);
        keys.complete(picked, now, each.result);
      }
      assert.equal(keys.running, running.size);
    }
    for (const key of running) keys.complete(key, now, hopeless);
    running.clear();
    now += 1_000_000;
    while (take());
    assert.deepEqual([...owed], []);
  }));
});
