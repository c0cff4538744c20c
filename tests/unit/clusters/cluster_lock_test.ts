import assert from "assert";
import { ClusterLock, isClusterServed } from "../../../lib/clusters/cluster_lock.ts";
import { AppError, errorKind, systemClock } from "../../../lib/core/mod.ts";
import { clusterIn } from "../../contract/cluster_lock.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";
import { FakeEngine } from "../../fakes/fake_engine.ts";
import { FakeLocks } from "../../fakes/fake_lock.ts";
import type { Program } from "../../fakes/fake_session.ts";

const life = new AbortController();

function engineWith(program: Program): FakeEngine {
  const engine = new FakeEngine({ program });
  engine.run({ name: "node" });
  return engine;
}

function unexpected(): void {
  throw new Error("somebody else is said to have the lock");
}

Deno.test("take() goes on where the node cannot lock, and tries again when told", async () => {
  const engine = engineWith((_input, output) => {
    output.stderr("perl: not found\n");
    return Promise.resolve();
  });
  const clock = new FakeClock();
  let cluster = clusterIn("node");
  await using lock = new ClusterLock({ engine, clock, cluster: () => cluster });
  await lock.take(unexpected, life);
  for (const ms of [250, 1_000, 4_000, 100_000]) await clock.advance(ms);
  assert.equal(engine.calls.filter((call) => call === "session").length, 4);
  assert.equal(clock.sleeping, 0);
  cluster = clusterIn("node", false);
  lock.follow();
  await settle();
  assert.equal(engine.calls.filter((call) => call === "session").length, 4);
});

Deno.test("take() waits for a control plane to be up, so that one of two has the lock", async () => {
  const locks = new FakeLocks();
  const engine = new FakeEngine({ program: (...start) => locks.run(...start) });
  engine.create({ name: "node" });
  let cluster = clusterIn("node", false);
  const clock = new FakeClock();
  const options = { engine, clock, cluster: () => cluster };
  await using first = new ClusterLock(options);
  await using second = new ClusterLock(options);
  const told: string[] = [];
  const taken: string[] = [];
  const taking = [first, second].map((lock, i) =>
    lock.take((why) => told.push(`${i} ${why}`), life).then(() => taken.push(`${i}`))
  );
  await clock.advance(60_000);
  assert.deepEqual([told, taken], [["0 down", "1 down"], []]);
  engine.start("node");
  cluster = clusterIn("node");
  first.follow();
  second.follow();
  await clock.advance(1_000);
  assert.deepEqual([told.slice(2), taken], [["1 busy"], ["0"]]);
  await first[Symbol.asyncDispose]();
  await Promise.all(taking);
});

Deno.test("take() tries again where the session cannot be had, and gives up in the end", async () => {
  const engine = engineWith(() => Promise.resolve());
  engine.failure = new AppError("engine is away", { kind: "unavailable" });
  const clock = new FakeClock();
  await using lock = new ClusterLock({ engine, clock, cluster: () => clusterIn("node") });
  let taken = false;
  const taking = lock.take(unexpected, life).then(() => taken = true);
  await clock.advance(5_249);
  assert.equal(taken, false);
  await clock.advance(1);
  await taking;
});

Deno.test("take() is not told of a holder that is gone within a second", async () => {
  const locks = new FakeLocks();
  const engine = engineWith((...start) => locks.run(...start));
  const cluster = () => clusterIn("node");
  const clock = new FakeClock();
  const first = new ClusterLock({ engine, clock, cluster });
  await first.take(unexpected, life);
  await using second = new ClusterLock({ engine, clock, cluster });
  const taking = second.take(unexpected, life);
  await clock.advance(999);
  await first[Symbol.asyncDispose]();
  await taking;
  await clock.advance(10_000);
});

Deno.test("take() locks again after the node was started again, and stays its holder", async () => {
  const locks = new FakeLocks();
  const engine = engineWith((...start) => locks.run(...start));
  const cluster = () => clusterIn("node");
  const clock = new FakeClock();
  await using lock = new ClusterLock({ engine, clock, cluster });
  await lock.take(unexpected, life);
  engine.stop("node");
  await settle();
  engine.start("node");
  lock.follow();
  await settle();
  assert.equal(await isClusterServed(engine, cluster(), life), true);
});

Deno.test("isClusterServed() rejects where the node cannot tell", async () => {
  const engine = engineWith((_input, output) => {
    output.stderr("/run/berth.lock: Read-only file system\n");
    return Promise.resolve();
  });
  const asking = isClusterServed(engine, clusterIn("node"), life);
  await assert.rejects(asking, /"one" is served: .* Read-only file system/);
  const down = isClusterServed(engine, clusterIn("node", false), life);
  assert.equal(await down.then(() => "", errorKind), "unavailable");
});

Deno.test("dispose ends a lock that nobody took", async () => {
  const engine = engineWith(() => Promise.resolve());
  await using _ = new ClusterLock({
    ...{ engine, clock: systemClock, cluster: () => clusterIn("node") },
  });
});
