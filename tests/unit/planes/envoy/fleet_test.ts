import assert from "assert";
import { systemClock } from "../../../../lib/core/mod.ts";
import { Edge } from "../../../../lib/planes/envoy/edge.ts";
import { Fleet } from "../../../../lib/planes/envoy/fleet.ts";
import { LogKeeper } from "../../../../lib/planes/envoy/log_keeper.ts";
import { FakeEdge } from "../../../fakes/fake_edge.ts";
import { routeSpec } from "../../../fakes/http_route_spec.ts";

async function world() {
  const fake = new FakeEdge();
  const { engine } = fake;
  engine.images.add("envoy:1");
  const edge = new Edge({ cluster: "c", engine, clock: systemClock, broken: () => {} });
  await edge.open();
  const shared = { cluster: "c", engine, clock: systemClock };
  const options = { ...shared, edge, image: "envoy:1", threads: 1, logs: new LogKeeper(shared) };
  const fleet = new Fleet(options);
  return {
    fake,
    fleet,
    async [Symbol.asyncDispose]() {
      await fleet.settle();
      await edge[Symbol.asyncDispose]();
    },
  };
}

Deno.test("Fleet.claim() gives each key a proxy of its own, the spare first", async () => {
  await using bed = await world();
  const { fleet } = bed;
  fleet.replenish();
  const spare = await fleet.spare();
  const proxies = await Promise.all(
    ["c/a", "c/b", "c/c"].map((key) => fleet.claim(routeSpec(key))),
  );
  assert.equal(new Set(proxies).size, 3);
  assert.ok(spare !== undefined && proxies.includes(spare));
  assert.equal(await fleet.claim(routeSpec("c/a")), proxies[0]);
  assert.deepEqual(await bed.fake.running(), [
    "berth-c-a",
    "berth-c-b",
    "berth-c-c",
    "berth-c-edge",
  ]);
});

Deno.test("Fleet.claim() makes a proxy when another worker has the spare", async () => {
  await using bed = await world();
  const { fleet } = bed;
  fleet.replenish();
  const spare = await fleet.spare();
  assert.equal(await spare?.take(), true);
  assert.notEqual(await fleet.claim(routeSpec("c/a")), spare);
});

Deno.test("Fleet.claim() finds a name while its predecessor's container is still there", async () => {
  await using bed = await world();
  const { fake, fleet } = bed;
  fake.engine.create({ name: "berth-c-a" });
  const proxy = await fleet.claim(routeSpec("c/a"));
  assert.ok((await fake.made()).includes(`berth-c-a-${proxy.id}`));
});

Deno.test("Fleet.remove() forgets at once and removes meanwhile", async () => {
  await using bed = await world();
  const { fake, fleet } = bed;
  await fleet.claim(routeSpec("c/a"));
  fleet.remove("c/a");
  fleet.remove("c/never");
  assert.equal(fleet.of("c/a"), undefined);
  await fleet.settle();
  assert.deepEqual(await fake.made(), ["berth-c-edge"]);
});

Deno.test("Fleet.revive() makes a container that cannot be started anew", async () => {
  await using bed = await world();
  const { fake, fleet } = bed;
  const proxy = await fleet.claim(routeSpec("c/a"));
  const before = proxy.container;
  fake.engine.stop("berth-c-a");
  await fleet.revive(proxy);
  assert.equal(proxy.container, before);
  fake.engine.remove("berth-c-a");
  await fleet.revive(proxy);
  assert.notEqual(proxy.container, before);
  assert.ok((await fake.running()).includes("berth-c-a"));
});
