import assert from "assert";
import fc from "fast-check";
import { AppError } from "../../../lib/core/mod.ts";
import { createDispatcher, type DispatcherOptions } from "../../../lib/dispatch/dispatcher.ts";
import type { RunResult } from "../../../lib/dispatch/queue.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";

const done: RunResult = { kind: "done" };

function setup(run: DispatcherOptions["run"], options: Partial<DispatcherOptions> = {}) {
  const clock = new FakeClock();
  const errors: string[] = [];
  const dispatcher = createDispatcher({
    ...{ run, clock, random: () => 0.5 },
    onError: (key, error) => errors.push(`${key}: ${error}`),
    ...options,
  });
  return { clock, dispatcher, errors };
}

Deno.test("add() in one turn of the event loop is one run", async () => {
  const runs: string[] = [];
  const { dispatcher } = setup((key) => {
    runs.push(key);
    return Promise.resolve(done);
  });
  for (const key of ["a", "b", "a", "a"]) dispatcher.add(key);
  await dispatcher.idle();
  assert.deepEqual(runs, ["a", "b"]);
});

Deno.test("add() during a run: the next run sees the newest state", async () => {
  let state = 1;
  const seen: number[] = [];
  const gate = Promise.withResolvers<void>();
  const { dispatcher } = setup(async () => {
    seen.push(state);
    if (seen.length === 1) await gate.promise;
    return done;
  });
  dispatcher.add("a");
  await settle();
  for (state = 2; state < 5; state++) dispatcher.add("a");
  gate.resolve();
  await dispatcher.idle();
  assert.deepEqual(seen, [1, 5]);
});

Deno.test("add() with a delay waits on one timer, set to the earliest", async () => {
  const runs: [string, number][] = [];
  const { dispatcher, clock } = setup((key) => {
    runs.push([key, clock.now() - 1_000_000]);
    return Promise.resolve(done);
  });
  dispatcher.add("late", { delayMs: 500 });
  dispatcher.add("soon", { delayMs: 100 });
  await settle();
  assert.equal(clock.sleeping, 1);
  await clock.advance(400);
  dispatcher.add("late", { delayMs: 20 });
  await clock.advance(200);
  assert.deepEqual(runs, [["soon", 100], ["late", 420]]);
  assert.equal(clock.sleeping, 0);
});

Deno.test("run() that throws is told, and retried as its kind says", async () => {
  const times: Record<string, number[]> = { busy: [], invalid: [] };
  const { dispatcher, clock, errors } = setup((key) => {
    times[key]?.push(clock.now() - 1_000_000);
    const kind = key === "busy" ? "unavailable" : "invalid";
    return Promise.reject(new AppError("no", { kind }));
  });
  dispatcher.add("busy");
  dispatcher.add("invalid");
  await clock.advance(7_500);
  assert.deepEqual(times, { busy: [0, 1_000, 3_000, 7_000], invalid: [0] });
  assert.equal(errors.length, 5);
  assert.match(errors[0] ?? "", /busy: AppError: no/);
  await dispatcher[Symbol.asyncDispose]();
});

Deno.test("run() is told how long its key waited and how often it failed", async () => {
  const infos: unknown[] = [];
  const { dispatcher, clock } = setup((_key, _signal, info) => {
    infos.push(info);
    const result: RunResult = infos.length === 1 ? { kind: "failed", retryable: true } : done;
    return Promise.resolve(result);
  });
  dispatcher.add("a");
  await clock.advance(2_000);
  assert.deepEqual(infos, [{ waitedMs: 0, failures: 0 }, { waitedMs: 0, failures: 1 }]);
});

Deno.test("dispatcher keeps to its concurrency", async () => {
  let now = 0;
  let most = 0;
  const { dispatcher } = setup(async () => {
    most = Math.max(most, ++now);
    await settle();
    now--;
    return done;
  }, { concurrency: 3 });
  for (let i = 0; i < 20; i++) dispatcher.add(`k${i}`);
  await dispatcher.idle();
  assert.equal(most, 3);
});

Deno.test("forget() drops the retry of a key", async () => {
  let runs = 0;
  const { dispatcher, clock } = setup(() => {
    runs++;
    return Promise.resolve({ kind: "failed", retryable: true } as const);
  });
  dispatcher.add("a");
  await clock.advance(100);
  dispatcher.forget("a");
  await clock.advance(400_000);
  assert.equal(runs, 1);
  assert.equal(clock.sleeping, 0);
});

Deno.test("idle() rejects when its signal aborts", async () => {
  const gate = Promise.withResolvers<RunResult>();
  const { dispatcher } = setup(() => gate.promise);
  dispatcher.add("a");
  const abort = new AbortController();
  const waiting = assert.rejects(dispatcher.idle({ signal: abort.signal }), /enough/);
  abort.abort(new Error("enough"));
  await waiting;
  gate.resolve(done);
  await dispatcher.idle();
});

Deno.test("drain() waits for what runs and starts nothing more", async () => {
  const gate = Promise.withResolvers<RunResult>();
  const runs: string[] = [];
  const { dispatcher, clock } = setup((key) => {
    runs.push(key);
    return gate.promise;
  }, { concurrency: 1 });
  for (const key of ["a", "b"]) dispatcher.add(key);
  dispatcher.add("c", { delayMs: 10 });
  await settle();
  let drained = false;
  const draining = dispatcher.drain().then(() => drained = true);
  dispatcher.add("d");
  await clock.advance(100);
  assert.equal(drained, false);
  gate.resolve(done);
  await draining;
  assert.deepEqual([runs, clock.sleeping], [["a"], 0]);
});

Deno.test("drain() aborts runs when its signal aborts", async () => {
  const { dispatcher, errors } = setup((_key, signal) =>
    new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason), { once: true })
    )
  );
  dispatcher.add("a");
  await settle();
  const abort = new AbortController();
  const drained = dispatcher.drain({ signal: abort.signal });
  abort.abort(new AppError("stop", { kind: "canceled" }));
  await drained;
  assert.deepEqual(errors, ["a: AppError: stop"]);
});

Deno.test("dispatcher never runs a key twice at a time and ends with the newest state", async () => {
  const event = fc.record({
    key: fc.nat(3),
    pause: fc.nat(2),
    takes: fc.nat(3),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
      const state = new Map<string, number>();
      const applied = new Map<string, number>();
      const running = new Set<string>();
      const behaviour = events.map(({ takes, fails }) => ({ takes, fails }));
      const { dispatcher, clock } = setup(async (key) => {
        assert.ok(!running.has(key), `${key} twice`);
        running.add(key);
        const seen = state.get(key) ?? 0;
        const { takes = 0, fails = false } = behaviour.pop() ?? {};
        for (let i = 0; i < takes; i++) await Promise.resolve();
        running.delete(key);
        if (fails) throw new AppError("busy", { kind: "unavailable" });
        applied.set(key, seen);
        return done;
      }, { concurrency: 2 });
      for (const { key, pause } of events) {
        state.set(`k${key}`, (state.get(`k${key}`) ?? 0) + 1);
        dispatcher.add(`k${key}`);
        for (let i = 0; i < pause; i++) await Promise.resolve();
      }
      await clock.advance(100 * 300_000);
      assert.deepEqual([...applied].sort(), [...state].sort());
      assert.deepEqual(dispatcher.counts, { waiting: 0, running: 0 });
    }),
    { numRuns: 50 },
  );
});
