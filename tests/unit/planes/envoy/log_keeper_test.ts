import assert from "assert";
import { configure, reset } from "@logtape/logtape";
import type { Clock } from "../../../../lib/core/mod.ts";
import { type LogFiles, LogKeeper } from "../../../../lib/planes/envoy/log_keeper.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { FakeEngine } from "../../../fakes/fake_engine.ts";

/** A keeper, the engine behind it, and what both did, in order. */
function world(change: { readonly clock?: Clock; readonly write?: LogFiles["write"] } = {}) {
  const engine = new FakeEngine();
  const done: string[] = [];
  const write: LogFiles["write"] = (path, content) => {
    done.push(`${path}: ${new TextDecoder().decode(content)}`);
    return Promise.resolve();
  };
  const clock = new FakeClock(0);
  const files = { directory: "logs", write, ...change };
  const keeper = new LogKeeper({ cluster: "c", engine, clock, ...change, files });
  const run = (name: string, text: string, proxy = "a1") => {
    const id = engine.run({ name, labels: { "berth.dev/proxy": proxy } });
    engine.print(id, text);
    return id;
  };
  return { engine, done, clock, keeper, run };
}

/** Warnings that were written while the work went on. */
async function warnings(work: () => Promise<void>): Promise<readonly string[]> {
  const told: string[] = [];
  await configure({
    sinks: {
      kept: ({ level, message, properties: { file, reason } }) =>
        level === "warning" && told.push(`${message.join("")} | ${file} | ${reason}`),
    },
    loggers: [
      { category: ["berth"], sinks: ["kept"] },
      { category: ["logtape", "meta"], sinks: ["kept"], lowestLevel: "error" },
    ],
  });
  try {
    await work();
  } finally {
    await reset();
  }
  return told;
}

Deno.test("LogKeeper.remove() writes the log before the container goes", async () => {
  const { engine, done, keeper, run } = world({
    write: () => {
      assert.ok(engine.has("berth-web"));
      done.push("written");
      return Promise.resolve();
    },
  });
  await keeper.remove(run("berth-web", "text"), "a1");
  assert.deepEqual([done, engine.has("berth-web")], [["written"], false]);
});

Deno.test("LogKeeper writes no file for a container that said nothing", async () => {
  const { done, engine, keeper, run } = world();
  await keeper.remove(run("berth-web", ""), "a1");
  assert.deepEqual([done, engine.has("berth-web")], [[], false]);
});

Deno.test("LogKeeper names files after container and time, one for each container", async () => {
  const { done, clock, keeper, run } = world();
  const first = run("berth-web", "one\n");
  await keeper.keep("a1");
  await clock.advance(1_000);
  await keeper.keep("a1");
  await keeper.remove(first, "a1");
  run("berth-web", "two\n");
  await keeper.keep("a1");
  assert.deepEqual(done, [
    ...Array.from({ length: 3 }, () => "logs/berth-web-19700101T000000.000Z.log: one\n"),
    "logs/berth-web-19700101T000001.000Z.log: two\n",
  ]);
});

Deno.test("LogKeeper.remove() keeps nothing of a spare, of others, or without files", async () => {
  const { engine, done, keeper, run } = world();
  run("berth-web", "text", "b2");
  await keeper.remove(run("berth-c-spare-a1", "text"), "a1");
  const idle = new LogKeeper({ cluster: "c", engine, clock: new FakeClock() });
  await idle.remove(run("berth-old", "text"), "a1");
  assert.deepEqual(done, []);
  assert.deepEqual(["berth-c-spare-a1", "berth-old", "berth-web"].map((one) => engine.has(one)), [
    false,
    false,
    true,
  ]);
});

Deno.test("LogKeeper.remove() removes without a log that cannot be written, and says so", async () => {
  const { engine, keeper, run } = world({ write: () => Promise.reject(new Error("disk full")) });
  const told = await warnings(() => keeper.remove(run("berth-web", "text"), "a1"));
  assert.equal(engine.has("berth-web"), false);
  assert.deepEqual(told, [
    "container log not kept: see to rights and space of --logs-dir, and to the engine | " +
    "logs/berth-web-19700101T000000.000Z.log | disk full",
  ]);
});

Deno.test("LogKeeper.remove() waits three seconds at most, and leaves no timer behind", async () => {
  const clock = new FakeClock(0);
  const { engine, keeper, run } = world({ clock, write: () => new Promise(() => {}) });
  const told = await warnings(async () => {
    const removing = keeper.remove(run("berth-web", "text"), "a1");
    await clock.advance(2_999);
    assert.ok(engine.has("berth-web"));
    await clock.advance(1);
    await removing;
  });
  assert.equal(engine.has("berth-web"), false);
  assert.match(told.join(), /the engine gave no log within 3 s$/);
  assert.equal(clock.sleeping, 0);
});

Deno.test("LogKeeper.keep() says nothing of a container that somebody else removed", async () => {
  const { engine, keeper, run } = world();
  run("berth-web", "text");
  engine.containerLog = (container) => {
    engine.remove("berth-web");
    return FakeEngine.prototype.containerLog.call(engine, container, { lines: 1, bytes: 1 });
  };
  assert.deepEqual(await warnings(() => keeper.keep("a1")), []);
});
