import assert from "assert";
import type { Clock } from "../../../../lib/core/mod.ts";
import { LogKeeper } from "../../../../lib/planes/envoy/log_keeper.ts";
import { labelsOf } from "../../../../lib/planes/envoy/names.ts";
import { Watch } from "../../../../lib/planes/envoy/watch.ts";
import { fastClock } from "../../../fakes/fast_clock.ts";
import { FakeEngine } from "../../../fakes/fake_engine.ts";

function world(recover: () => Promise<void> = () => Promise.resolve()) {
  const engine = new FakeEngine();
  const told: string[] = [];
  const stop = new AbortController();
  const clock: Clock = fastClock(100);
  const watch = new Watch({
    cluster: "c",
    engine,
    clock,
    logs: new LogKeeper({ cluster: "c", engine, clock }),
    signal: stop.signal,
    recover,
    mend: (container, isGone) => {
      told.push(`${container} ${isGone}`);
      return Promise.resolve();
    },
    check: () => {
      told.push("check");
      return Promise.resolve();
    },
  });
  return { engine, told, watch, end: () => (stop.abort(), watch.ended) };
}

Deno.test("Watch tells of the ends of this cluster's proxies alone", async () => {
  const { engine, told, watch, end } = world();
  watch.start();
  const id = engine.run({ name: "a", labels: labelsOf("c", "proxy") });
  engine.run({ name: "b", labels: labelsOf("d", "proxy") });
  engine.run({ name: "c" });
  for (const name of ["b", "c", "a"]) engine.stop(name);
  engine.remove("a");
  await turn();
  await end();
  assert.deepEqual(told, ["check", `${id} false`, `${id} true`]);
});

Deno.test("Watch.edgeBroken() tries until it succeeds, once at a time", async () => {
  let tries = 0;
  const { watch, end } = world(() =>
    ++tries < 4 ? Promise.reject(new Error("no")) : Promise.resolve()
  );
  const both = [watch.edgeBroken("x"), watch.edgeBroken("y")];
  await Promise.all(both);
  assert.equal(tries, 4);
  await end();
  await watch.edgeBroken("after the end");
  assert.equal(tries, 4);
});

Deno.test("Watch.removeAll() removes proxies of this cluster alone", async () => {
  const { engine, watch } = world();
  engine.run({ name: "a", labels: labelsOf("c", "proxy") });
  engine.run({ name: "b", labels: labelsOf("d", "proxy") });
  await watch.removeAll();
  assert.deepEqual([engine.has("a"), engine.has("b")], [false, true]);
  assert.equal(await watch.hasNodes(), false);
});

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
