import assert from "assert";
import { systemClock } from "../../../../lib/core/mod.ts";
import { Edge } from "../../../../lib/planes/envoy/edge.ts";
import { FakeEdge } from "../../../fakes/fake_edge.ts";

function open(fake: FakeEdge, told: string[] = []): Edge {
  return new Edge({
    cluster: "c",
    engine: fake.engine,
    clock: systemClock,
    broken: (reason) => void told.push(reason),
  });
}

Deno.test("Edge.open() makes one edge, which the next run finds", async () => {
  const fake = new FakeEdge();
  await using first = open(fake);
  const made = await first.open();
  assert.equal(made.isNew, true);
  assert.equal(made.network, "kind");
  assert.equal(await first.open(), made);
  await using second = open(fake);
  const found = await second.open();
  assert.deepEqual([found.isNew, found.container], [false, made.container]);
  assert.deepEqual(await fake.made(), ["berth-c-edge"]);
});

Deno.test("Edge.open() replaces an edge that stopped, or that lost its files", async () => {
  const fake = new FakeEdge();
  const ids: string[] = [];
  for (const harm of [() => fake.engine.stop("berth-c-edge"), () => fake.files.clear(), () => {}]) {
    await using edge = open(fake);
    ids.push((await edge.open()).container);
    harm();
  }
  assert.equal(new Set(ids).size, 3);
  assert.deepEqual(await fake.made(), ["berth-c-edge"]);
});

Deno.test("Edge.open() finds the edge that another worker made meanwhile", async () => {
  const fake = new FakeEdge();
  await using one = open(fake);
  await using two = open(fake);
  const [a, b] = await Promise.all([one.open(), two.open()]);
  assert.equal(a.container, b.container);
});

Deno.test("Edge.open() says what is missing, and tries again", async () => {
  const fake = new FakeEdge();
  fake.engine.remove("c-control-plane");
  await using edge = open(fake);
  const failure = { kind: "unavailable", message: /cluster c has no node container/ };
  await assert.rejects(edge.open(), failure);
  fake.engine.failure = new Error("down");
  await assert.rejects(edge.open(), /down/);
});

Deno.test("Edge tells when its session ends, and not when it is disposed of", async () => {
  const fake = new FakeEdge();
  const told: string[] = [];
  const edge = open(fake, told);
  await edge.open();
  fake.engine.stop("berth-c-edge");
  await turn();
  assert.equal(told.length, 1);
  await edge.open();
  await edge[Symbol.asyncDispose]();
  await turn();
  assert.equal(told.length, 1);
  await assert.rejects(edge.open(), { kind: "unavailable" });
});

Deno.test("Edge.retire() keeps it from being made, not from being found", async () => {
  const fake = new FakeEdge();
  await using first = open(fake);
  first.retire();
  await assert.rejects(first.open(), { kind: "unavailable" });
  assert.deepEqual(await fake.made(), []);
  await using other = open(fake);
  const { container } = await other.open();
  assert.equal((await first.open()).container, container);
});

Deno.test("Edge.remove() takes container and volume", async () => {
  const fake = new FakeEdge();
  await using edge = open(fake);
  await edge.open();
  await edge.remove();
  assert.equal(await edge.exists(), false);
  assert.deepEqual(await fake.engine.volumes({ labels: [] }), []);
});

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
