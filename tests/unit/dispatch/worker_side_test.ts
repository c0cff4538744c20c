import assert from "assert";
import { AppError } from "../../../lib/core/mod.ts";
import { decodeToMain, type ToMain, type ToWorker } from "../../../lib/dispatch/protocol.ts";
import {
  type JobContext,
  type MainLink,
  serveWorker,
  type WorkerHandlers,
  type WorkerPort,
} from "../../../lib/dispatch/worker_side.ts";
import { settle } from "../../fakes/fake_clock.ts";

/** The main isolate's end, played by the test. */
class FakePort implements WorkerPort {
  readonly sent: ToMain[] = [];
  onmessage: ((event: MessageEvent) => void) | null = null;

  postMessage(message: unknown): void {
    this.sent.push(decodeToMain(structuredClone(message)));
  }

  async receive(...messages: readonly ToWorker[]): Promise<readonly ToMain[]> {
    for (const data of messages) this.onmessage?.(new MessageEvent("message", { data }));
    await settle();
    return this.sent.splice(0);
  }
}

const init: ToWorker = { type: "init", version: 1, value: "v" };
const ready: ToMain = { type: "ready", version: 1 };

function job(id: number, key = "a"): ToWorker {
  return { type: "job", id, key, job: { n: id } };
}

function serve(handlers: Partial<WorkerHandlers<unknown, unknown>>): FakePort {
  const port = new FakePort();
  serveWorker({ init: () => {}, job: (value) => Promise.resolve(value), ...handlers }, port);
  return port;
}

Deno.test("serveWorker() answers init, then jobs", async () => {
  const seen: unknown[] = [];
  const port = serve({ init: (value) => void seen.push(value) });
  assert.deepEqual(await port.receive(init), [ready]);
  const outcome = { type: "outcome", id: 1, result: { ok: true, value: { n: 1 } } };
  assert.deepEqual(await port.receive(job(1)), [outcome]);
  assert.deepEqual(seen, ["v"]);
});

Deno.test("serveWorker() keeps jobs and broadcasts until init is done", async () => {
  const gate = Promise.withResolvers<void>();
  const log: string[] = [];
  const port = serve({
    init: () => gate.promise,
    broadcast: (topic, value) => void log.push(`${topic}=${value}`),
    job: () => Promise.resolve(log.push("job")),
  });
  const broadcast: ToWorker = { type: "broadcast", topic: "nodes", value: 1 };
  assert.deepEqual(await port.receive(init, broadcast, job(1)), []);
  gate.resolve();
  await settle();
  assert.deepEqual(log, ["nodes=1", "job"]);
});

Deno.test("serveWorker() tells when init fails", async () => {
  const port = serve({ init: () => Promise.reject(new AppError("no", { kind: "forbidden" })) });
  const refused = { type: "refused", error: { kind: "forbidden", message: "no" } };
  assert.deepEqual(await port.receive(init, job(1)), [refused]);
});

Deno.test("serveWorker() tells when a broadcast fails, and goes on with the next", async () => {
  const seen: unknown[] = [];
  const port = serve({
    broadcast(_topic, value) {
      seen.push(value);
      if (value === 1) throw new Error("odd");
    },
  });
  await port.receive(init);
  const fault = { type: "fault", topic: "t", error: { kind: "internal", message: "odd" } };
  assert.deepEqual(await port.receive({ type: "broadcast", topic: "t", value: 1 }), [fault]);
  assert.deepEqual(await port.receive({ type: "broadcast", topic: "t", value: 2 }), []);
  assert.deepEqual(seen, [1, 2]);
});

Deno.test("cancel aborts the job with the error that came", async () => {
  const port = serve({ job: (_job, { signal }) => whenAborted(signal) });
  await port.receive(init, job(1), job(2, "b"));
  const error = { kind: "timeout", message: "too long" } as const;
  assert.deepEqual(await port.receive({ type: "cancel", id: 1, error }), [
    { type: "outcome", id: 1, result: { ok: false, error } },
  ]);
  assert.deepEqual(await port.receive({ type: "cancel", id: 1, error }), []);
});

Deno.test("call() is matched with its reply, in any order", async () => {
  const port = serve({
    job: (_job, context) =>
      Promise.allSettled([context.call("one", 1), context.call("two", 2)])
        .then((results) => results.map((result) => result.status)),
  });
  await port.receive(init);
  const calls = await port.receive(job(9));
  assert.deepEqual(calls, [
    { type: "call", id: 1, name: "one", args: 1, job: 9 },
    { type: "call", id: 2, name: "two", args: 2, job: 9 },
  ]);
  const error = { kind: "conflict", message: "lost" } as const;
  const sent = await port.receive(
    { type: "reply", id: 2, result: { ok: true, value: "late" } },
    { type: "reply", id: 1, result: { ok: false, error } },
    { type: "reply", id: 77, result: { ok: true, value: "nobody asked" } },
  );
  const value = ["rejected", "fulfilled"];
  assert.deepEqual(sent, [{ type: "outcome", id: 9, result: { ok: true, value } }]);
});

Deno.test("the link of init speaks outside of jobs", async () => {
  const links: MainLink[] = [];
  const port = serve({ init: (_value, link) => void links.push(link) });
  await port.receive(init);
  links[0]?.notice({ moved: "x" });
  const answer = links[0]?.call("ask", []);
  assert.deepEqual(port.sent.splice(0), [
    { type: "notice", value: { moved: "x" } },
    { type: "call", id: 1, name: "ask", args: [] },
  ]);
  await port.receive({ type: "reply", id: 1, result: { ok: true, value: 5 } });
  assert.equal(await answer, 5);
});

Deno.test("drain aborts jobs, waits for them, then drains the worker", async () => {
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const port = serve({
    async job(_job: unknown, { signal, key }: JobContext) {
      await whenAborted(signal).catch(() => log.push(`${key} aborted`));
      await gate.promise;
    },
    drain: () => void log.push("drained"),
  });
  await port.receive(init, job(1, "a"), job(2, "b"));
  assert.deepEqual(await port.receive({ type: "drain" }), []);
  assert.deepEqual(log, ["a aborted", "b aborted"]);
  gate.resolve();
  await settle();
  assert.equal(log.at(-1), "drained");
  assert.deepEqual(port.sent.map(({ type }) => type), ["outcome", "outcome", "drained"]);
});

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  );
}
