import assert from "assert";
import { type ClusterChange, watchClusters } from "../../../lib/clusters/mod.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";
import { FakeEngine } from "../../fakes/fake_engine.ts";
import { kindNode } from "../../fakes/kind_containers.ts";

const PLANE = kindNode({ name: "one-control-plane", role: "control-plane" });
const WORKER = kindNode({ name: "one-worker" });

class WatchBed implements AsyncDisposable {
  readonly engine = new FakeEngine();
  readonly clock = new FakeClock();
  readonly #stop = new AbortController();
  #told: ClusterChange[] = [];
  #end: Promise<void> = Promise.resolve();

  /** Starts watching and gives what the first listing told. */
  async start(): Promise<readonly string[]> {
    const { engine, clock } = this;
    const changes = watchClusters({ engine, clock, signal: this.#stop.signal });
    this.#end = (async () => {
      for await (const change of changes) this.#told.push(change);
    })();
    await settle();
    await clock.advance(0);
    return this.words();
  }

  /** What was told since the last time. */
  take(): readonly ClusterChange[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  words(): readonly string[] {
    return this.take().map((change) =>
      change.kind === "listed" ? `listed ${change.clusters}` : `${change.kind} ${shape(change)}`
    );
  }

  get lists(): number {
    return this.engine.calls.filter((call) => call === "containers").length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#end;
    assert.equal(this.clock.sleeping, 0);
  }
}

/** `one(+control-plane -worker)`. */
function shape({ cluster }: Exclude<ClusterChange, { kind: "listed" }>): string {
  const nodes = cluster.nodes.map(({ name, up }) => (up ? "+" : "-") + name.replace(/^\w+?-/, ""));
  return `${cluster.name}(${nodes.join(" ")})`;
}

Deno.test("watchClusters() tells the clusters that are there, then that it has listed", async () => {
  await using bed = new WatchBed();
  bed.engine.run(PLANE);
  assert.deepEqual(await bed.start(), ["added one(+control-plane)", "listed 1"]);
});

Deno.test("watchClusters() tells that there is none", async () => {
  await using bed = new WatchBed();
  assert.deepEqual(await bed.start(), ["listed 0"]);
});

Deno.test("watchClusters() follows a cluster's life within a burst's wait", async () => {
  await using bed = new WatchBed();
  await bed.start();
  bed.engine.run(PLANE);
  await bed.clock.advance(50);
  assert.deepEqual(bed.words(), ["added one(+control-plane)"]);
  bed.engine.run(WORKER);
  await bed.clock.advance(50);
  assert.deepEqual(bed.words(), ["changed one(+control-plane +worker)"]);
  bed.engine.remove("one-worker");
  bed.engine.remove("one-control-plane");
  await bed.clock.advance(50);
  assert.equal(bed.words().at(-1)?.split(" ")[0], "removed");
});

Deno.test("watchClusters() tells a node's death without listing", async () => {
  await using bed = new WatchBed();
  bed.engine.run(PLANE);
  bed.engine.run(WORKER);
  await bed.start();
  const before = bed.lists;
  bed.engine.stop("one-worker");
  await settle();
  assert.deepEqual(bed.words(), ["changed one(+control-plane -worker)"]);
  assert.equal(bed.lists, before);
  await bed.clock.advance(50);
  assert.deepEqual(bed.words(), []);
});

Deno.test("watchClusters() lists at once when a node starts, for its new address", async () => {
  await using bed = new WatchBed();
  bed.engine.run(PLANE);
  bed.engine.run(WORKER);
  await bed.start();
  bed.engine.stop("one-worker");
  await bed.clock.advance(50);
  bed.words();
  bed.engine.start("one-worker");
  await bed.clock.advance(0);
  const [change] = bed.take();
  assert.ok(change?.kind === "changed");
  assert.notEqual(change.cluster.nodes[1]?.ipv4, undefined);
});

Deno.test("watchClusters() sees a cluster that was re-created under its name", async () => {
  await using bed = new WatchBed();
  bed.engine.run(PLANE);
  await bed.start();
  bed.engine.remove("one-control-plane");
  bed.engine.run(PLANE);
  await bed.clock.advance(50);
  assert.deepEqual(bed.words(), ["changed one(-control-plane)", "recreated one(+control-plane)"]);
});

Deno.test("watchClusters() ignores what is no kind node", async () => {
  await using bed = new WatchBed();
  await bed.start();
  const before = bed.lists;
  bed.engine.run({ name: "web" });
  bed.engine.remove("web");
  await bed.clock.advance(1_000);
  assert.deepEqual([bed.words(), bed.lists], [[], before]);
});

Deno.test("watchClusters() tears nothing down while listings fail, and catches up", async () => {
  await using bed = new WatchBed();
  bed.engine.run(PLANE);
  await bed.start();
  bed.engine.failure = new Error("engine is busy");
  bed.engine.resync();
  await bed.clock.advance(20_000);
  assert.deepEqual(bed.words(), []);
  const failed = bed.lists;
  await bed.clock.advance(20_000);
  assert.equal(bed.lists - failed, 4);
  bed.engine.remove("one-control-plane");
  bed.engine.failure = undefined;
  await bed.clock.advance(5_000);
  assert.deepEqual(bed.words(), ["changed one(-control-plane)", "removed one(-control-plane)"]);
});

Deno.test("watchClusters() lists once for a burst, and every minute without any event", async () => {
  await using bed = new WatchBed();
  await bed.start();
  const before = bed.lists;
  for (const name of ["a", "b", "c", "d"]) bed.engine.create(kindNode({ name }));
  await bed.clock.advance(50);
  assert.equal(bed.lists - before, 1);
  await bed.clock.advance(180_000);
  assert.equal(bed.lists - before, 4);
});

Deno.test("watchClusters() does not trust a listing older than an event", async () => {
  await using bed = new WatchBed();
  bed.engine.run(PLANE);
  bed.engine.run(WORKER);
  await bed.start();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const list = bed.engine.containers.bind(bed.engine);
  bed.engine.containers = async (filter) => {
    const containers = await list(filter);
    await held;
    return containers;
  };
  bed.engine.resync();
  await bed.clock.advance(0);
  bed.engine.stop("one-worker");
  await settle();
  release();
  await bed.clock.advance(100);
  assert.deepEqual(bed.words(), ["changed one(+control-plane -worker)"]);
});

Deno.test("watchClusters() does not bring a dead node back while listings lag behind", async () => {
  await using bed = new WatchBed();
  bed.engine.run(PLANE);
  bed.engine.run(WORKER);
  await bed.start();
  const lagging = await bed.engine.containers({ labels: [] });
  const list = bed.engine.containers;
  bed.engine.containers = () => Promise.resolve(lagging);
  bed.engine.stop("one-worker");
  await bed.clock.advance(1_000);
  assert.deepEqual(bed.words(), ["changed one(+control-plane -worker)"]);
  await bed.clock.advance(1_000);
  assert.deepEqual(bed.words(), ["changed one(+control-plane +worker)"]);
  bed.engine.containers = list;
});
