import assert from "assert";
import { systemClock } from "../../../../lib/core/mod.ts";
import { Edge } from "../../../../lib/planes/envoy/edge.ts";
import { EdgeNetwork, singleAddress } from "../../../../lib/planes/envoy/edge_network.ts";
import { FakeEdge } from "../../../fakes/fake_edge.ts";
import { backendWith, routeSpecWith } from "../../../fakes/route_parts.ts";

Deno.test("EdgeNetwork brings and takes addresses and routes, each once", async () => {
  const fake = new FakeEdge();
  const { engine } = fake;
  await using edge = new Edge({ cluster: "c", engine, clock: systemClock, broken: () => {} });
  const network = new EdgeNetwork(edge);
  const node = { name: "a", up: true, addresses: ["172.18.0.2"], podCidrs: ["10.244.0.0/24"] };
  network.setNodes([node]);
  await Promise.all([network.update([], ["172.18.255.1"]), network.update([], ["172.18.255.2"])]);
  assert.deepEqual([...fake.addresses], ["172.18.255.1", "172.18.255.2"]);
  assert.deepEqual(fake.announced, ["172.18.255.1", "172.18.255.2"]);
  assert.deepEqual([...fake.routes], [["10.244.0.0/24", "172.18.0.2"]]);
  await network.drop(["172.18.255.1", "172.18.255.9"]);
  network.setNodes([]);
  await network.update([], ["172.18.255.2"]);
  assert.deepEqual([...fake.addresses], ["172.18.255.2"]);
  assert.deepEqual([...fake.routes], []);
  assert.equal(fake.announced.length, 2);
});

Deno.test("EdgeNetwork keeps the way to a Pod that leaves, while its node is there", async () => {
  const fake = new FakeEdge();
  const { engine } = fake;
  await using edge = new Edge({ cluster: "c", engine, clock: systemClock, broken: () => {} });
  const network = new EdgeNetwork(edge);
  const node = { name: "a", up: true, addresses: ["172.18.0.2"] };
  network.setNodes([node]);
  const spec = (address: string) =>
    routeSpecWith({ backends: [backendWith({ endpoints: [{ address, port: 80, node: "a" }] })] });
  await network.update([spec("192.168.1.7")], []);
  // requests that it still answers need it
  await network.update([spec("192.168.1.8")], []);
  assert.deepEqual([...fake.routes.keys()], ["192.168.1.7/32", "192.168.1.8/32"]);
  network.setNodes([]);
  await network.update([spec("192.168.1.8")], []);
  assert.deepEqual([...fake.routes.keys()], []);
});

Deno.test("EdgeNetwork.dropStrays() leaves what is known", async () => {
  const fake = new FakeEdge();
  const { engine } = fake;
  await using edge = new Edge({ cluster: "c", engine, clock: systemClock, broken: () => {} });
  const network = new EdgeNetwork(edge);
  await network.update([], ["172.18.255.1", "172.18.255.2"]);
  await network.dropStrays(["172.18.255.2"]);
  assert.deepEqual([...fake.addresses], ["172.18.255.2"]);
});

Deno.test("singleAddress() is no network's", () => {
  const line = (text: string) => `2: eth0    ${text} scope global eth0\\       valid_lft forever`;
  assert.equal(singleAddress(line("inet 172.18.255.1/32")), "172.18.255.1");
  assert.equal(singleAddress(line("inet6 fc00::1/128")), "fc00::1");
  assert.equal(singleAddress(line("inet 172.18.0.2/16 brd 172.18.255.255")), undefined);
  assert.equal(singleAddress(line("inet6 fc00::2/64")), undefined);
});

Deno.test("EdgeNetwork brings everything again when it is in doubt", async () => {
  const fake = new FakeEdge();
  const { engine } = fake;
  await using edge = new Edge({ cluster: "c", engine, clock: systemClock, broken: () => {} });
  const network = new EdgeNetwork(edge);
  await network.update([], ["172.18.255.1"]);
  fake.addresses.clear();
  await network.update([], ["172.18.255.1"]);
  assert.deepEqual([...fake.addresses], []);
  network.doubt();
  await network.update([], ["172.18.255.1"]);
  assert.deepEqual([...fake.addresses], ["172.18.255.1"]);
});

Deno.test("EdgeNetwork.update() carries out calls that wait as one, and spoils none for another", async () => {
  const fake = new FakeEdge();
  const { engine } = fake;
  await using edge = new Edge({ cluster: "c", engine, clock: systemClock, broken: () => {} });
  const network = new EdgeNetwork(edge);
  const at = (last: number) => `172.18.255.${last}`;
  const update = (last: number) => network.update([], [at(last)]);
  const first = update(1);
  const more = [2, 3, 4].map(update);
  await Promise.all([first, ...more]);
  assert.deepEqual(fake.batches, [[1, 2, 3, 4].map(at)]);

  fake.unwanted = at(6);
  const results = await Promise.allSettled([5, 6, 7].map(update));
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.deepEqual([...fake.addresses], [1, 2, 3, 4, 5, 7].map(at));
});

Deno.test("EdgeNetwork brings an address that is asked for after it is dropped", async () => {
  const fake = new FakeEdge();
  const { engine } = fake;
  await using edge = new Edge({ cluster: "c", engine, clock: systemClock, broken: () => {} });
  const network = new EdgeNetwork(edge);
  const [one, two] = ["172.18.255.1", "172.18.255.2"];
  await network.update([], [one]);
  await Promise.all([
    network.update([], [two]),
    network.drop([one]),
    network.drop([]),
    network.update([], [one]),
  ]);
  assert.deepEqual([...fake.addresses].toSorted(), [one, two]);
});
