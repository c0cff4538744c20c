import assert from "assert";
import { fixturePool, mailbox, rejectsWith } from "../../fakes/fixture_pool.ts";

const signal = new AbortController().signal;

Deno.test("run() returns what the job returned, with init and key in the worker", async () => {
  await using workers = fixturePool();
  const outcome = await workers.run("a/b", { do: "echo", value: { n: [1] } }, { signal });
  assert.deepEqual(outcome, { value: { n: [1] }, init: "hello", key: "a/b" });
});

Deno.test("createWorkerPool() refuses a size that is no whole number from 1", () => {
  for (const size of [0, -1, 1.5, NaN]) {
    assert.throws(() => fixturePool({ size }), /pool size must be a whole number from 1/);
  }
});

Deno.test("run() keeps a key on its worker and starts workers only when needed", async () => {
  const started: unknown[] = [];
  await using workers = fixturePool({ size: 3, onNotice: (value) => started.push(value) });
  assert.equal(started.length, 0);
  for (let i = 1; i <= 3; i++) {
    assert.equal(await workers.run("same", { do: "count" }, { signal }), i);
  }
  assert.equal(started.length, 1);
});

Deno.test("workerOf() spreads keys over all workers", async () => {
  await using workers = fixturePool({ size: 4 });
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 1_000; i++) {
    const worker = workers.workerOf(`cluster/default/svc-${i}`);
    counts[worker] = (counts[worker] ?? 0) + 1;
  }
  for (const count of counts) assert.ok(count > 180 && count < 320, `uneven: ${counts}`);
});

Deno.test("run() refuses jobs that are no plain data, and goes on", async () => {
  await using workers = fixturePool();
  const bad = workers.run("a", { do: "echo", value: () => {} }, { signal });
  await rejectsWith(bad, "internal", /send plain data only/);
  assert.equal(await workers.run("a", { do: "count" }, { signal }), 1);
});

Deno.test("run() carries the traceparent", async () => {
  await using workers = fixturePool();
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const seen = await workers.run("a", { do: "traceparent" }, { signal, traceparent });
  assert.equal(seen, traceparent);
  assert.equal(await workers.run("a", { do: "traceparent" }, { signal }), undefined);
});

Deno.test("onNotice() hears what workers tell", async () => {
  const mail = mailbox();
  await using workers = fixturePool({ onNotice: mail.onNotice });
  await workers.run("a", { do: "notice", value: "moved" }, { signal });
  await mail.until("moved");
});

Deno.test("broadcast() reaches workers in order, and replaced workers get the latest", async () => {
  await using workers = fixturePool();
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

Deno.test("drain() aborts what runs, ends the workers and refuses new jobs", async () => {
  const mail = mailbox();
  const workers = fixturePool({ size: 2, onNotice: mail.onNotice });
  const waiting = workers.run("a", { do: "wait" }, { signal });
  await mail.until("waiting");
  const refused = rejectsWith(waiting, "canceled", /drains/);
  await workers.drain(signal);
  await refused;
  await rejectsWith(workers.run("a", { do: "count" }, { signal }), "canceled", /is closed/);
});

Deno.test("warm() starts every worker", async () => {
  const started: unknown[] = [];
  const both = Promise.withResolvers<void>();
  await using workers = fixturePool({
    size: 2,
    onNotice: (value) => started.push(value) === 2 && both.resolve(),
  });
  workers.warm();
  await both.promise;
});
