import assert from "assert";
import { errorKind, errorText } from "../../../lib/core/mod.ts";
import { connectCluster, retryDelay } from "../../../lib/clusters/connect_cluster.ts";
import { discoverClusters } from "../../../lib/clusters/discover.ts";
import type { KindCluster } from "../../../lib/clusters/types.ts";
import { adminConf } from "../../fakes/admin_conf.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { FakeEngine } from "../../fakes/fake_engine.ts";
import { kindNode } from "../../fakes/kind_containers.ts";

const NOW = Date.UTC(2026, 0);
const probe = () => Promise.resolve({ status: 200, body: '{"gitVersion":"v1.36.3"}' });

async function bed(): Promise<{ engine: FakeEngine; current: () => KindCluster }> {
  const engine = new FakeEngine();
  engine.run(kindNode({ name: "cp", role: "control-plane" }));
  const [cluster] = discoverClusters(await engine.containers({ labels: [] }));
  assert.ok(cluster);
  return { engine, current: () => cluster };
}

Deno.test("connectCluster() waits for a cluster that is being created", async () => {
  const { engine, current } = await bed();
  const clock = new FakeClock(NOW);
  const told: string[] = [];
  const access = connectCluster(current, {
    engine,
    clock,
    probe,
    signal: new AbortController().signal,
    onFailure: (error) => told.push(errorText(error)),
  });
  await clock.advance(30_000);
  engine.writeFile("cp", "/etc/kubernetes/admin.conf", adminConf());
  await clock.advance(1_000);
  assert.equal((await access).version, "v1.36.3");
  assert.match(told.join("\n"), /^cluster one is being created: .*$/);
});

Deno.test("connectCluster() tells each different failure once", async () => {
  const { engine, current } = await bed();
  const clock = new FakeClock(NOW);
  const stop = new AbortController();
  const told: string[] = [];
  const outcome = connectCluster(current, {
    engine,
    clock,
    probe: () => Promise.reject(new Error("refused")),
    signal: stop.signal,
    onFailure: (error) => told.push(errorKind(error)),
  }).then(() => "access", errorKind);
  await clock.advance(5_000);
  engine.writeFile("cp", "/etc/kubernetes/admin.conf", adminConf());
  await clock.advance(5_000);
  assert.deepEqual(told, ["not-found", "unavailable"]);
  stop.abort();
  assert.equal(await outcome, "canceled");
  assert.equal(clock.sleeping, 0);
});

Deno.test("retryDelay() is short for what passes and long for what a person must mend", () => {
  const delays = (kind: "unavailable" | "forbidden") =>
    Array.from({ length: 7 }, (_, attempt) => retryDelay(kind, attempt));
  assert.deepEqual(delays("unavailable"), [200, 400, 800, 1_000, 1_000, 1_000, 1_000]);
  assert.deepEqual(delays("forbidden"), [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  assert.equal(retryDelay("not-found", 5_000), 1_000);
});
