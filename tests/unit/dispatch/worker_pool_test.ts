import assert from "assert";
import { AppError, type Clock, systemClock } from "../../../lib/core/mod.ts";
import {
  createWorkerPool,
  type WorkerPool,
  type WorkerPoolOptions,
} from "../../../lib/dispatch/worker_pool.ts";
import type { FixtureJob } from "../../fixtures/workers/job_worker.ts";

type Pool = WorkerPool<FixtureJob, unknown>;

const entry = new URL("../../fixtures/workers/job_worker.ts", import.meta.url);
const signal = new AbortController().signal;

function pool(options: Partial<WorkerPoolOptions> = {}): Pool {
  const base = { name: "test", size: 1, permissions: "none", init: "hello", clock: systemClock };
  return createWorkerPool<FixtureJob, unknown>({
    ...base as { name: string; size: number; permissions: "none"; init: unknown; clock: Clock },
    ...{ entry, deadlineMs: 20_000 },
    ...options,
  });
}

function rejectsWith(promise: Promise<unknown>, kind: string, message: RegExp): Promise<void> {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof AppError, `not an AppError: ${error}`);
    assert.equal(error.kind, kind);
    assert.match(error.message, message);
    return true;
  });
}

/** Notices, awaited one by one. */
function mailbox() {
  const news: unknown[] = [];
  let changed = Promise.withResolvers<void>();
  return {
    onNotice(value: unknown) {
      news.push(value);
      changed.resolve();
      changed = Promise.withResolvers();
    },
    async until(value: unknown): Promise<void> {
      while (!news.includes(value)) await changed.promise;
    },
  };
}

Deno.test("run() returns what the job returned, with init and key in the worker", async () => {
  await using workers = pool();
  const outcome = await workers.run("a/b", { do: "echo", value: { n: [1] } }, { signal });
  assert.deepEqual(outcome, { value: { n: [1] }, init: "hello", key: "a/b" });
});

Deno.test("createWorkerPool() refuses a size that is no whole number from 1", () => {
  for (const size of [0, -1, 1.5, NaN]) {
    assert.throws(() => pool({ size }), /pool size must be a whole number from 1/);
  }
});

Deno.test("run() keeps a key on its worker and starts workers only when needed", async () => {
  const started: unknown[] = [];
  await using workers = pool({ size: 3, onNotice: (value) => started.push(value) });
  assert.equal(started.length, 0);
  for (let i = 1; i <= 3; i++) {
    assert.equal(await workers.run("same", { do: "count" }, { signal }), i);
  }
  assert.equal(started.length, 1);
});

Deno.test("workerOf() spreads keys over all workers", async () => {
  await using workers = pool({ size: 4 });
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 1_000; i++) {
    const worker = workers.workerOf(`cluster/default/svc-${i}`);
    counts[worker] = (counts[worker] ?? 0) + 1;
  }
  for (const count of counts) assert.ok(count > 180 && count < 320, `uneven: ${counts}`);
});

Deno.test("run() rejects with the kind and text that the job threw", async () => {
  await using workers = pool();
  const run = workers.run("a", { do: "throw", message: "no space" }, { signal });
  await rejectsWith(run, "internal", /^no space$/);
  const unclonable = workers.run("a", { do: "unclonable" }, { signal });
  await rejectsWith(unclonable, "internal", /could not be cloned/);
});

Deno.test("run() refuses jobs that are no plain data, and goes on", async () => {
  await using workers = pool();
  const bad = workers.run("a", { do: "echo", value: () => {} }, { signal });
  await rejectsWith(bad, "internal", /send plain data only/);
  assert.equal(await workers.run("a", { do: "count" }, { signal }), 1);
});

Deno.test("run() refuses a second job for a key in flight", async () => {
  const gate = Promise.withResolvers<unknown>();
  await using workers = pool({ call: { gate: () => gate.promise } });
  const first = workers.run("a", { do: "gate", name: "x" }, { signal });
  await rejectsWith(workers.run("a", { do: "count" }, { signal }), "internal", /in flight already/);
  gate.resolve("open");
  assert.equal(await first, "open");
});

Deno.test("run() carries the traceparent", async () => {
  await using workers = pool();
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const seen = await workers.run("a", { do: "traceparent" }, { signal, traceparent });
  assert.equal(seen, traceparent);
  assert.equal(await workers.run("a", { do: "traceparent" }, { signal }), undefined);
});

Deno.test("call() reaches the handler with key and arguments, and its errors come back", async () => {
  const call = {
    commit: (args: unknown, { key }: { key?: string }) => Promise.resolve({ args, key }),
    taken: () => Promise.reject(new AppError("10.0.0.1 is taken", { kind: "conflict" })),
    odd: () => Promise.resolve(() => {}),
  };
  await using workers = pool({ call });
  const run = (name: string) => workers.run("k", { do: "call", name, args: [1] }, { signal });
  assert.deepEqual(await run("commit"), { args: [1], key: "k" });
  await rejectsWith(run("taken"), "conflict", /10\.0\.0\.1 is taken/);
  await rejectsWith(run("toString"), "not-found", /no call named toString/);
  await rejectsWith(run("odd"), "internal", /plain data only/);
});

Deno.test("onNotice() hears what workers tell", async () => {
  const mail = mailbox();
  await using workers = pool({ onNotice: mail.onNotice });
  await workers.run("a", { do: "notice", value: "moved" }, { signal });
  await mail.until("moved");
});

Deno.test("run() rejects with the error of init, and starts anew for the next job", async () => {
  await using workers = pool({ init: "refuse" });
  for (let i = 0; i < 2; i++) {
    await rejectsWith(workers.run("a", { do: "count" }, { signal }), "internal", /no such engine/);
  }
});

Deno.test("run() rejects when the entry cannot be loaded", async () => {
  await using workers = pool({ entry: new URL("file:///nowhere/worker.ts") });
  await rejectsWith(workers.run("a", { do: "count" }, { signal }), "unavailable", /crashed/);
});

for (const way of ["crash", "reject"] as const) {
  Deno.test(`run() retries once after a ${way}, then rejects`, async () => {
    const lost: number[] = [];
    await using workers = pool({ onLost: (worker) => lost.push(worker) });
    const bad = workers.run("bad", { do: way }, { signal });
    await rejectsWith(bad, "unavailable", /worker test-0 crashed: .*(boom|nobody listens)/);
    assert.deepEqual(lost, [0, 0]);
    assert.equal(await workers.run("next", { do: "count" }, { signal }), 1);
  });
}

Deno.test("run() survives one crash, and so do the jobs beside it", async () => {
  let attempts = 0;
  let gates = 0;
  const opened = Promise.withResolvers<string>();
  const held = Promise.withResolvers<void>();
  const call = {
    attempt: () => ++attempts,
    gate() {
      if (++gates === 2) opened.resolve("open");
      held.resolve();
      return opened.promise;
    },
  };
  await using workers = pool({ call });
  const bystander = workers.run("good", { do: "gate", name: "x" }, { signal });
  await held.promise;
  const crashing = workers.run("bad", { do: "crash once" }, { signal });
  assert.deepEqual(await Promise.all([crashing, bystander]), [2, "open"]);
});

for (const way of ["spin", "deaf"] as const) {
  Deno.test(`run() past the deadline: a worker that hangs (${way}) is replaced`, async () => {
    const lost: string[] = [];
    await using workers = pool({
      ...{ deadlineMs: 300, graceMs: 50 },
      onLost: (_, error) => lost.push(error.message),
    });
    const run = workers.run("a", { do: way }, { signal });
    await rejectsWith(run, "timeout", /job of a did not end within 300 ms/);
    assert.equal(lost.length, 2);
    assert.match(lost[0] ?? "", /worker test-0 hangs/);
    assert.equal(await workers.run("b", { do: "count" }, { signal }), 1);
  });
}

Deno.test("run() past the deadline: a job that heeds its signal costs no worker", async () => {
  const lost: number[] = [];
  await using workers = pool({
    ...{ deadlineMs: 300, graceMs: 20_000 },
    onLost: (worker) => lost.push(worker),
  });
  await rejectsWith(workers.run("a", { do: "wait" }, { signal }), "timeout", /300 ms/);
  assert.equal(await workers.run("a", { do: "count" }, { signal }), 2);
  assert.deepEqual(lost, []);
});

Deno.test("run() rejects with canceled when its signal aborts, retried or not", async () => {
  const mail = mailbox();
  await using workers = pool({ graceMs: 50, onNotice: mail.onNotice });
  const abort = new AbortController();
  const heeds = workers.run("a", { do: "wait" }, { signal: abort.signal });
  const deaf = workers.run("b", { do: "deaf" }, { signal: abort.signal });
  await Promise.all([mail.until("waiting"), mail.until("deaf")]);
  abort.abort();
  await rejectsWith(heeds, "canceled", /job of a was canceled/);
  await rejectsWith(deaf, "canceled", /job of b was canceled/);
  await assert.rejects(workers.run("c", { do: "count" }, { signal: AbortSignal.abort() }));
});

Deno.test("broadcast() reaches workers in order, and replaced workers get the latest", async () => {
  await using workers = pool();
  workers.broadcast("nodes", ["before start"]);
  workers.broadcast("nodes", ["n1"]);
  workers.broadcast("other", 7);
  assert.deepEqual(await workers.run("a", { do: "topics" }, { signal }), {
    ...{ nodes: [["n1"]], other: [7] },
  });
  workers.broadcast("nodes", ["n2"]);
  assert.deepEqual(await workers.run("a", { do: "topics" }, { signal }), {
    ...{ nodes: [["n1"], ["n2"]], other: [7] },
  });
  await rejectsWith(workers.run("a", { do: "crash" }, { signal }), "unavailable", /boom/);
  assert.deepEqual(await workers.run("a", { do: "topics" }, { signal }), {
    ...{ nodes: [["n2"]], other: [7] },
  });
});

Deno.test("broadcast() that a worker cannot take costs no worker", async () => {
  await using workers = pool();
  workers.broadcast("nodes", "bad");
  assert.equal(await workers.run("a", { do: "count" }, { signal }), 1);
  assert.equal(await workers.run("a", { do: "count" }, { signal }), 2);
});

Deno.test("drain() aborts what runs, ends the workers and refuses new jobs", async () => {
  const mail = mailbox();
  const workers = pool({ size: 2, onNotice: mail.onNotice });
  const waiting = workers.run("a", { do: "wait" }, { signal });
  await mail.until("waiting");
  const refused = rejectsWith(waiting, "canceled", /drains/);
  await workers.drain(signal);
  await refused;
  await rejectsWith(workers.run("a", { do: "count" }, { signal }), "canceled", /is closed/);
});

Deno.test("drain() gives up on a worker that hangs when its signal aborts", async () => {
  const mail = mailbox();
  const workers = pool({ onNotice: mail.onNotice });
  const deaf = rejectsWith(workers.run("a", { do: "deaf" }, { signal }), "canceled", /job of a/);
  await mail.until("deaf");
  const abort = new AbortController();
  const drained = workers.drain(abort.signal);
  abort.abort();
  await Promise.all([drained, deaf]);
});

Deno.test("warm() starts every worker", async () => {
  const started: unknown[] = [];
  const both = Promise.withResolvers<void>();
  await using workers = pool({
    size: 2,
    onNotice: (value) => started.push(value) === 2 && both.resolve(),
  });
  workers.warm();
  await both.promise;
});
