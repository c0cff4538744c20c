import assert from "assert";
import { systemClock } from "../../../../lib/core/mod.ts";
import { adoptFleet, readStates } from "../../../../lib/planes/envoy/adoption.ts";
import { Edge } from "../../../../lib/planes/envoy/edge.ts";
import { Fleet } from "../../../../lib/planes/envoy/fleet.ts";
import { LogKeeper } from "../../../../lib/planes/envoy/log_keeper.ts";
import { Publications } from "../../../../lib/planes/envoy/publications.ts";
import { labelsOf } from "../../../../lib/planes/envoy/names.ts";
import { FakeEdge } from "../../../fakes/fake_edge.ts";
import { routeSpec } from "../../../fakes/http_route_spec.ts";

Deno.test("adoptFleet() takes over what serves and the spare, and removes strays of ours alone", async () => {
  const fake = new FakeEdge();
  const { engine } = fake;
  engine.images.add("envoy:1");
  await using edge = new Edge({ cluster: "c", engine, clock: systemClock, broken: () => {} });
  const link = await edge.open();
  const shared = { cluster: "c", engine, clock: systemClock };
  const logs = new LogKeeper(shared);
  const options = { ...shared, edge, image: "envoy:1", threads: 1, logs };
  const before = new Fleet(options);
  const proxy = await before.claim(routeSpec("c/a"));
  before.replenish();
  const spare = await before.spare();
  await before.settle();
  engine.run({ name: "stray", labels: { ...labelsOf("c", "proxy"), "berth.dev/proxy": "x" } });
  engine.run({ name: "foreign", labels: { ...labelsOf("other", "proxy") } });
  engine.run({ name: "peer", labels: { "io.x-k8s.cloud-provider-kind.cluster": "c" } });
  assert.deepEqual((await readStates(edge)).map(({ key }) => key).sort(), ["", "c/a"]);

  const after = new Fleet(options);
  const publications = new Publications(options);
  await adoptFleet({ cluster: "c", engine, edge, link, fleet: after, publications, logs });
  assert.equal(after.of("c/a")?.container, proxy.container);
  assert.equal((await after.spare())?.id, spare?.id);
  assert.deepEqual(["stray", "foreign", "peer"].map((name) => engine.has(name)), [
    false,
    true,
    true,
  ]);
  await after.settle();
});
