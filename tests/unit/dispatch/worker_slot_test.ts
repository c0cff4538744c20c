import assert from "assert";
import { AppError } from "../../../lib/core/mod.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { fixturePool, mailbox, rejectsWith } from "../../fakes/fixture_pool.ts";

const signal = new AbortController().signal;

Deno.test("run() rejects with the kind and text that the job threw", async () => {
  await using workers = fixturePool();
  const run = workers.run("a", { do: "throw", message: "no space" }, { signal });
  await rejectsWith(run, "internal", /^no space$/);
  const unclonable = workers.run("a", { do: "unclonable" }, { signal });
  await rejectsWith(unclonable, "internal", /could not be cloned/);
});

Deno.test("run() refuses a second job for a key in flight", async () => {
  const gate = Promise.withResolvers<unknown>();
  await using workers = fixturePool({ call: { gate: () => gate.promise } });
  const first = workers.run("a", { do: "gate", name: "x" }, { signal });
  await rejectsWith(workers.run("a", { do: "count" }, { signal }), "internal", /in flight already/);
  gate.resolve("open");
  assert.equal(await first, "open");
});

Deno.test("call() reaches the handler with key and arguments, and its errors come back", async () => {
  const call = {
    commit: (args: unknown, { key }: { key?: string }) => Promise.resolve({ args, key }),
    taken: () => Promise.reject(new AppError("10.0.0.1 is taken", { kind: "conflict" })),
    odd: () => Promise.resolve(() => {}),
  };
  await using workers = fixturePool({ call });
  const run = (name: string) => workers.run("k", { do: "call", name, args: [1] }, { signal });
  assert.deepEqual(await run("commit"), { args: [1], key: "k" });
  await rejectsWith(run("taken"), "conflict", /10\.0\.0\.1 is taken/);
  await rejectsWith(run("toString"), "not-found", /no call named toString/);
  await rejectsWith(run("odd"), "internal", /plain data only/);
});

Deno.test("run() rejects with the error of init, and starts anew for the next job", async () => {
  await using workers = fixturePool({ init: "refuse" });
  for (let i = 0; i < 2; i++) {
    await rejectsWith(workers.run("a", { do: "count" }, { signal }), "internal", /no such engine/);
  }
});

Deno.test("run() rejects when the entry cannot be loaded", async () => {
  await using workers = fixturePool({ entry: new URL("file:///nowhere/worker.ts") });
  await rejectsWith(workers.run("a", { do: "count" }, { signal }), "unavailable", /crashed/);
});

for (const way of ["crash", "reject"] as const) {
  Deno.test(`run() retries once after a ${way}, then rejects`, async () => {
    const lost: number[] = [];
    await using workers = fixturePool({ onLost: (worker) => lost.push(worker) });
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
  await using workers = fixturePool({ call });
  const bystander = workers.run("good", { do: "gate", name: "x" }, { signal });
  await held.promise;
  const crashing = workers.run("bad", { do: "crash once" }, { signal });
  assert.deepEqual(await Promise.all([crashing, bystander]), [2, "open"]);
});

for (const way of ["spin", "deaf"] as const) {
  Deno.test(`run() past the deadline: a worker that hangs (${way}) is replaced`, async () => {
    const lost: string[] = [];
    const clock = new FakeClock();
    const mail = mailbox();
    await using workers = fixturePool({
      ...{ clock, deadlineMs: 300, graceMs: 50, onNotice: mail.onNotice },
      onLost: (_, error) => lost.push(error.message),
    });
    const run = workers.run("a", { do: way }, { signal });
    const rejected = rejectsWith(run, "timeout", /job of a did not end within 300 ms/);
    for (const attempt of [1, 2]) {
      await mail.until(way, attempt);
      await clock.advance(349);
      assert.equal(lost.length, attempt - 1);
      await clock.advance(1);
    }
    await rejected;
    assert.equal(lost.length, 2);
    assert.match(lost[0] ?? "", /worker test-0 hangs: job of a did not end/);
    assert.equal(await workers.run("b", { do: "count" }, { signal }), 1);
    assert.equal(clock.sleeping, 0);
  });
}

Deno.test("run() past the deadline: a job that heeds its signal costs no worker", async () => {
  const lost: number[] = [];
  const clock = new FakeClock();
  const mail = mailbox();
  await using workers = fixturePool({
    ...{ clock, deadlineMs: 300, onNotice: mail.onNotice },
    onLost: (worker) => lost.push(worker),
  });
  const run = workers.run("a", { do: "wait" }, { signal });
  const rejected = rejectsWith(run, "timeout", /300 ms/);
  await mail.until("waiting");
  await clock.advance(300);
  await rejected;
  assert.equal(await workers.run("a", { do: "count" }, { signal }), 2);
  assert.deepEqual([lost, clock.sleeping], [[], 0]);
});

Deno.test("run() rejects with canceled when its signal aborts, retried or not", async () => {
  const mail = mailbox();
  await using workers = fixturePool({ graceMs: 50, onNotice: mail.onNotice });
  const abort = new AbortController();
  const heeds = workers.run("a", { do: "wait" }, { signal: abort.signal });
  const deaf = workers.run("b", { do: "deaf" }, { signal: abort.signal });
  await Promise.all([mail.until("waiting"), mail.until("deaf")]);
  abort.abort();
  await rejectsWith(heeds, "canceled", /job of a was canceled/);
  await rejectsWith(deaf, "canceled", /job of b was canceled/);
  await assert.rejects(workers.run("c", { do: "count" }, { signal: AbortSignal.abort() }));
});

Deno.test("broadcast() that a worker cannot take costs no worker", async () => {
  await using workers = fixturePool();
  workers.broadcast("nodes", "bad");
  assert.equal(await workers.run("a", { do: "count" }, { signal }), 1);
  assert.equal(await workers.run("a", { do: "count" }, { signal }), 2);
});

Deno.test("drain() gives up on a worker that hangs when its signal aborts", async () => {
  const mail = mailbox();
  const workers = fixturePool({ onNotice: mail.onNotice });
  const deaf = rejectsWith(workers.run("a", { do: "deaf" }, { signal }), "canceled", /job of a/);
  await mail.until("deaf");
  const abort = new AbortController();
  const drained = workers.drain(abort.signal);
  abort.abort();
  await Promise.all([drained, deaf]);
});
