import assert from "assert";
import { systemClock } from "../../../../lib/core/mod.ts";
import { Edge } from "../../../../lib/planes/envoy/edge.ts";
import { inspectConfig } from "../../../../lib/planes/envoy/inspection.ts";
import { LogKeeper } from "../../../../lib/planes/envoy/log_keeper.ts";
import { Publications } from "../../../../lib/planes/envoy/publications.ts";
import { FakeEdge } from "../../../fakes/fake_edge.ts";
import { routeSpec } from "../../../fakes/http_route_spec.ts";

const { signal } = new AbortController();

async function world() {
  const fake = new FakeEdge();
  const { engine } = fake;
  engine.images.add("envoy:1");
  const edge = new Edge({ cluster: "c", engine, clock: systemClock, broken: () => {} });
  await edge.open();
  const shared = { cluster: "c", engine, clock: systemClock };
  const options = { ...shared, edge, image: "envoy:1", threads: 1, logs: new LogKeeper(shared) };
  return {
    fake,
    publications: new Publications(options),
    [Symbol.asyncDispose]: () => edge[Symbol.asyncDispose](),
  };
}

Deno.test("Publications.publish() takes the same port where it is free, else any", async () => {
  await using bed = await world();
  const { publications } = bed;
  const first = await publications.publish(routeSpec("c/a"), signal);
  assert.deepEqual(first, [{ port: 80, protocol: "TCP", hostAddress: "0.0.0.0", hostPort: 80 }]);
  const [second] = await publications.publish(routeSpec("c/b", "172.18.255.2"), signal);
  assert.ok((second?.hostPort ?? 0) > 1024);
  assert.deepEqual(await publications.publish(routeSpec("c/a"), signal), first);
  assert.deepEqual(await bed.fake.made(), [
    "berth-c-a-published",
    "berth-c-b-published",
    "berth-c-edge",
  ]);
});

Deno.test("Publications.publish() makes another container for other ports alone", async () => {
  await using bed = await world();
  const { fake, publications } = bed;
  const idOf = async () => {
    const found = await fake.engine.containers({ labels: ["berth.dev/role=publisher"] });
    return found.map(({ id }) => id).join();
  };
  await publications.publish(routeSpec("c/a"), signal);
  const first = await idOf();
  await publications.publish(routeSpec("c/a", "172.18.255.9"), signal);
  assert.equal(await idOf(), first);
  assert.equal(publications.keyOf(first), "c/a");
  const [moved] = await publications.publish(
    routeSpec("c/a", "172.18.255.9", { port: 81 }),
    signal,
  );
  assert.equal(moved?.hostPort, 81);
  assert.notEqual(await idOf(), first);
  assert.deepEqual(await publications.publish({ ...routeSpec("c/a"), ports: [] }, signal), []);
  assert.equal(await idOf(), "");
});

Deno.test("Publications.withdraw() removes the container", async () => {
  await using bed = await world();
  await bed.publications.publish(routeSpec("c/a"), signal);
  for (let i = 0; i < 2; i++) await bed.publications.withdraw("c/a");
  assert.deepEqual(await bed.fake.made(), ["berth-c-edge"]);
});

Deno.test("Publications.publish() keeps a key's port for it while all is made again", async () => {
  await using bed = await world();
  const { fake: { engine }, publications } = bed;
  const [a, b] = [routeSpec("c/a"), routeSpec("c/b", "172.18.255.2")];
  const [first] = await publications.publish(a, signal);
  await publications.publish(b, signal);
  publications.forget();
  for (const { id } of await engine.containers({ labels: ["berth.dev/role=publisher"] })) {
    await engine.removeContainer(id);
  }
  const [other] = await publications.publish(b, signal);
  assert.notEqual(other?.hostPort, first?.hostPort);
  assert.deepEqual(await publications.publish(a, signal), [first]);
});

Deno.test("inspectConfig() suggests no container that merely publishes ports", async () => {
  await using bed = await world();
  await bed.publications.publish(routeSpec("c/a"), signal);
  await assert.rejects(inspectConfig(bed.fake.engine, "x"), {
    message: "there is no proxy x: no proxy runs",
  });
});
