import assert from "assert";
import {
  type KubeClient,
  KubeError,
  type KubeObject,
  runInformer,
  type WatchEvent,
} from "../../../lib/kube/mod.ts";
import { AppError } from "../../../lib/core/mod.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";

/** What the next call gets. A watch tells its events, then throws, ends or stays. */
type Step =
  | { readonly list: readonly string[]; readonly version: string }
  | { readonly events: readonly WatchEvent[]; readonly then: Error | "end" | "stay" }
  | Error;

const raw = (name: string, resourceVersion = "") => ({ metadata: { name, resourceVersion } });
const event = (type: string, name: string, version: string): WatchEvent => ({
  type,
  object: raw(name, version),
});
const gone = new KubeError("gone", { status: 410 });
const stay = { events: [], then: "stay" } as const;
const listed = (version: string, ...list: string[]) => ({ list, version });

/** Runs an informer over a script of answers until it has nothing more to say. */
async function play(steps: readonly Step[], test: (bed: Bed) => Promise<void> | void) {
  const bed = new Bed(steps);
  const running = runInformer({
    client: bed.client,
    clock: bed.clock,
    random: () => 1,
    path: "/api/v1/services",
    labelSelector: "a=b",
    decode(raw) {
      const object = raw as KubeObject;
      if (object.metadata.name === "bad") throw new AppError("bad object", { kind: "unavailable" });
      return object;
    },
    handlers: {
      sync: (objects) => bed.told.push(`sync ${objects.map(({ metadata }) => metadata.name)}`),
      applied: ({ metadata }) => bed.told.push(`applied ${metadata.name}`),
      deleted: ({ metadata }) => bed.told.push(`deleted ${metadata.name}`),
      failed: (error) => bed.told.push(`failed ${(error as Error).message}`),
      unreadable: (error) => bed.told.push(`unreadable ${(error as Error).message}`),
    },
    signal: bed.stop.signal,
  });
  await settle();
  await test(bed);
  bed.stop.abort();
  await running;
  assert.equal(bed.clock.sleeping, 0);
}

class Bed {
  readonly clock = new FakeClock();
  readonly stop = new AbortController();
  readonly told: string[] = [];
  /** `list`, or `watch` with its version. */
  readonly calls: string[] = [];
  readonly #steps: Step[];

  constructor(steps: readonly Step[]) {
    this.#steps = [...steps];
  }

  get client(): KubeClient {
    const unused = () => Promise.reject(new Error("not asked for"));
    return {
      ...{ get: unused, create: unused, patch: unused, close: () => {} },
      list: (_path, { labelSelector }) => {
        this.calls.push("list");
        assert.equal(labelSelector, "a=b");
        const step = this.#next();
        if (step instanceof Error) return Promise.reject(step);
        assert.ok("list" in step, "a watch was expected, it lists");
        const items = step.list.map((name) => raw(name));
        return Promise.resolve({ items, resourceVersion: step.version });
      },
      watch: (_path, options) => this.#watch(options.resourceVersion, options.signal),
    };
  }

  async *#watch(version: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    this.calls.push(`watch ${version}`);
    const step = this.#next();
    if (step instanceof Error) throw step;
    assert.ok("events" in step, "a list was expected, it watches");
    yield* step.events;
    if (step.then instanceof Error) throw step.then;
    if (step.then === "end") return;
    await new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason), { once: true })
    );
  }

  #next(): Step {
    return this.#steps.shift() ?? stay;
  }
}

Deno.test("runInformer() lists, then follows the watch from there", () =>
  play([
    listed("5", "a", "b"),
    {
      events: [event("ADDED", "c", "6"), event("MODIFIED", "a", "7"), event("DELETED", "b", "8")],
      then: "stay",
    },
  ], ({ told, calls }) => {
    assert.deepEqual(told, ["sync a,b", "applied c", "applied a", "deleted b"]);
    assert.deepEqual(calls, ["list", "watch 5"]);
  }));

Deno.test("runInformer() resumes at once from the last event or bookmark", () =>
  play([
    listed("5"),
    { events: [event("ADDED", "a", "6")], then: "end" },
    { events: [{ type: "BOOKMARK", object: raw("", "9") }], then: "end" },
    stay,
  ], ({ told, calls }) => {
    assert.deepEqual(calls, ["list", "watch 5", "watch 6", "watch 9"]);
    assert.deepEqual(told, ["sync ", "applied a"]);
  }));

Deno.test("runInformer() does not tell an event again that came before a failure", () =>
  play([
    listed("5"),
    { events: [event("ADDED", "a", "6")], then: new Error("garbage") },
    { events: [event("ADDED", "b", "7")], then: "stay" },
  ], async ({ told, calls, clock }) => {
    await clock.advance(200);
    assert.deepEqual(calls, ["list", "watch 5", "watch 6"]);
    assert.deepEqual(told, ["sync ", "applied a", "failed garbage", "applied b"]);
  }));

Deno.test("runInformer() lists again after 410, as a status and as an event", () =>
  play([
    listed("5", "a"),
    gone,
    listed("20", "b"),
    { events: [event("ADDED", "c", "21")], then: "end" },
    { events: [{ type: "ERROR", object: { code: 410, message: "expired" } }], then: "stay" },
    listed("30", "d"),
    stay,
  ], ({ told, calls }) => {
    assert.deepEqual(told, ["sync a", "sync b", "applied c", "sync d"]);
    assert.deepEqual(calls, [
      "list",
      "watch 5",
      "list",
      "watch 20",
      "watch 21",
      "list",
      "watch 30",
    ]);
  }));

Deno.test("runInformer() does not run over a server that always says 410", () =>
  play(
    [listed("5"), gone, listed("6"), gone, listed("7"), gone, listed("8")],
    async ({ calls, clock }) => {
      assert.deepEqual(calls, ["list", "watch 5", "list", "watch 6"]);
      await clock.advance(200);
      assert.equal(calls.length, 6);
      await clock.advance(399);
      assert.equal(calls.length, 6);
      await clock.advance(1);
      assert.equal(calls.length, 8);
    },
  ));

Deno.test("runInformer() waits longer after each failure in a row, up to 15 s", () => {
  const refusals = Array.from({ length: 12 }, () => new Error("refused"));
  return play(refusals, async ({ calls, clock }) => {
    const waits: number[] = [];
    let before = clock.now();
    while (calls.length < 12) {
      const count = calls.length;
      while (calls.length === count) await clock.advance(100);
      waits.push(clock.now() - before);
      before = clock.now();
    }
    assert.deepEqual(waits, [
      ...[200, 400, 800, 1_600, 3_200, 6_400, 12_800],
      ...[15_000, 15_000, 15_000, 15_000],
    ]);
  });
});

Deno.test("runInformer() waits longer for a watch that keeps failing after a good list", () =>
  play([listed("5"), new Error("a"), new Error("b"), new Error("c")], async ({ calls, clock }) => {
    for (const [ms, count] of [[199, 2], [1, 3], [399, 3], [1, 4], [799, 4], [1, 5]] as const) {
      await clock.advance(ms);
      assert.equal(calls.length, count, `after another ${ms} ms`);
    }
    assert.deepEqual(calls.slice(1), ["watch 5", "watch 5", "watch 5", "watch 5"]);
  }));

Deno.test("runInformer() does not spin when watches end at once without an event", () => {
  const end = { events: [], then: "end" } as const;
  return play([listed("5"), end, end, end], async ({ calls, clock, told }) => {
    assert.equal(calls.length, 2);
    await clock.advance(200);
    assert.equal(calls.length, 3);
    await clock.advance(399);
    assert.equal(calls.length, 3);
    assert.deepEqual(told, ["sync "]);
  });
});

Deno.test("runInformer() forgets failures when something comes", () =>
  play([
    new Error("a"),
    new Error("b"),
    listed("5"),
    { events: [event("ADDED", "x", "6")], then: "end" },
    new Error("c"),
    stay,
  ], async ({ calls, clock }) => {
    await clock.advance(600);
    assert.equal(calls.at(-1), "watch 6");
    const count = calls.length;
    await clock.advance(200);
    assert.equal(calls.length, count + 1);
  }));

Deno.test("runInformer() waits as long as the server asks", () =>
  play([
    new KubeError("busy", { status: 429, retryAfterMs: 7_000 }),
    listed("5"),
    stay,
  ], async ({ calls, clock, told }) => {
    await clock.advance(6_999);
    assert.deepEqual(calls, ["list"]);
    await clock.advance(1);
    assert.deepEqual(told, ["failed busy", "sync "]);
  }));

Deno.test("runInformer() leaves out what it cannot read and goes on", () =>
  play([
    listed("5", "a", "bad", "b"),
    { events: [event("ADDED", "bad", "6"), event("ADDED", "c", "7")], then: "end" },
    stay,
  ], ({ told, calls }) => {
    assert.deepEqual(told, [
      "unreadable bad object",
      "sync a,b",
      "unreadable bad object",
      "applied c",
    ]);
    assert.equal(calls.at(-1), "watch 7");
  }));

Deno.test("runInformer() reports an error event, however poor", () =>
  play([
    listed("5"),
    { events: [{ type: "ERROR", object: { code: 500, message: "etcd" } }], then: "stay" },
    { events: [{ type: "ERROR", object: null }], then: "stay" },
    stay,
  ], async ({ told, clock }) => {
    await clock.advance(1_000);
    assert.deepEqual(told, [
      "sync ",
      "failed watch of /api/v1/services ended: etcd",
      "failed watch of /api/v1/services ended: no reason given",
    ]);
  }));

Deno.test("runInformer() ends while it waits and tells nothing of it", () =>
  play([new Error("refused")], ({ told, clock }) => {
    assert.equal(clock.sleeping, 1);
    assert.deepEqual(told, ["failed refused"]);
  }));
