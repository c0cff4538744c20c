import assert from "assert";
import { addressesOf, conditionOf, ControllerBed } from "../fakes/controller_bed.ts";
import { ownSubnet, subnetRoom } from "../fakes/own_subnet.ts";

const labels = { "node.kubernetes.io/exclude-from-external-load-balancers": "" };

Deno.test("what is wrong with a Service is told in event and condition, others are served", async () => {
  await using one = await ControllerBed.open(ownSubnet(1));
  await one.expose("first");
  const taken = await one.address("first");
  const cases: readonly (readonly [string, object, object, RegExp])[] = [
    ["plane", {}, { "berth.dev/plane": "warp" }, /^annotation berth\.dev\/plane is "warp": use "k/],
    ["elsewhere", {}, { "berth.dev/plane": "kernel" }, /^plane "kernel" is not available .* "embe/],
    ["no-address", {}, { "berth.dev/addresses": "me" }, /addresses is "me": write an IP address/],
    ["in-use", { loadBalancerIP: taken }, {}, /belongs to Service one\/default\/first: ask for/],
    ["outside", { loadBalancerIP: "10.9.9.9" }, {}, /^address 10\.9\.9\.9 is outside every pool/],
    [
      "range",
      {},
      { "service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.0/99" },
      /^annotation .*source-ranges: "10\.0\.0\.0\/99" is not a CIDR: write it like 10\.0\.0\.0\/8/,
    ],
  ];
  for (const [name, spec, annotations] of cases) await one.expose(name, spec, annotations);
  await one.expose("last");
  for (const [name, , , message] of cases) {
    const condition = conditionOf(await one.condition(name, "SyncLoadBalancerFailed"));
    assert.match(condition?.message ?? "", message);
    assert.equal(condition?.status, "False");
    const event = await one.event(name, "SyncLoadBalancerFailed");
    assert.deepEqual([event["type"], event["message"]], ["Warning", condition?.message]);
    assert.deepEqual(addressesOf(await one.service(name)), []);
  }
  await one.address("last");
  assert.deepEqual([...one.ledger.keys()].toSorted(), ["one/default/first", "one/default/last"]);
});

Deno.test("a Service is served once its mistake is mended", async () => {
  await using one = await ControllerBed.open(ownSubnet(1));
  await one.expose("web", {}, { "berth.dev/plane": "warp" });
  await one.condition("web", "SyncLoadBalancerFailed");
  await one.change("web", { metadata: { annotations: { "berth.dev/plane": null } } });
  await one.address("web");
  await one.condition("web", "Served");
});

Deno.test("a mistake in a Service that is served leaves it as it is", async () => {
  await using one = await ControllerBed.open(ownSubnet(1));
  await one.expose("web");
  const address = await one.address("web");
  await one.change("web", { metadata: { annotations: { "berth.dev/addresses": "10.9.9.9" } } });
  const service = await one.condition("web", "SyncLoadBalancerFailed");
  assert.deepEqual(addressesOf(service), [address]);
  assert.deepEqual(one.ledger.held("one/default/web"), [address]);
});

Deno.test("a Service that was refused can be deleted", async () => {
  await using one = await ControllerBed.open(ownSubnet(1));
  await one.expose("web", {}, { "berth.dev/plane": "warp" });
  await one.condition("web", "SyncLoadBalancerFailed");
  await one.remove("web");
  await one.gone("web");
});

Deno.test("a Service waits for a node that may announce it", async () => {
  await using one = await ControllerBed.open(ownSubnet(1));
  const nodes = one.bed.objects("nodes").map(({ metadata }) => `/api/v1/nodes/${metadata.name}`);
  for (const path of nodes) await one.bed.patch(path, { metadata: { labels } });
  await one.expose("web");
  const service = await one.condition("web", "UnAvailableLoadBalancer");
  assert.match(conditionOf(service)?.message ?? "", /^no node may announce the address \(nodes: /);
  await one.event("web", "UnAvailableLoadBalancer");
  const [label = ""] = Object.keys(labels);
  await one.bed.patch(nodes[0] ?? "", { metadata: { labels: { [label]: null } } });
  await one.address("web");
});

Deno.test("Services that find no address get one as soon as another is given back", async () => {
  await using one = await ControllerBed.open(ownSubnet(1));
  const names = Array.from({ length: subnetRoom }, (_, n) => `web-${n}`);
  await Promise.all(names.map((name) => one.expose(name)));
  const addresses = await Promise.all(names.map((name) => one.address(name)));
  assert.equal(new Set(addresses).size, subnetRoom);
  await one.expose("late");
  const service = await one.condition("late", "SyncLoadBalancerFailed");
  assert.match(conditionOf(service)?.message ?? "", /^no free IPv4 address is left \(pools: 127\./);
  await one.remove("web-3");
  assert.equal(await one.address("late"), addresses[3]);
  assert.deepEqual(one.ledger.held("one/default/late"), [addresses[3]]);
});

Deno.test("a Service that asked for a taken address gets it when it comes free", async () => {
  await using one = await ControllerBed.open(ownSubnet(1));
  await one.expose("first");
  const address = await one.address("first");
  await one.expose("second", { loadBalancerIP: address });
  await one.condition("second", "SyncLoadBalancerFailed");
  await one.remove("first");
  assert.equal(await one.address("second"), address);
});

Deno.test("Services share an address on different ports, and say where they cannot", async () => {
  await using one = await ControllerBed.open(ownSubnet(1));
  const shared = { "berth.dev/allow-shared-ip": "edge" };
  await one.expose("a", { ports: [{ port: 18_210 }] }, shared);
  const loadBalancerIP = await one.address("a");
  await one.expose("b", { ports: [{ port: 18_211 }], loadBalancerIP }, shared);
  assert.equal(await one.address("b"), loadBalancerIP);
  await one.expose("c", { ports: [{ port: 18_210 }], loadBalancerIP }, shared);
  const service = await one.condition("c", "SyncLoadBalancerFailed");
  assert.match(conditionOf(service)?.message ?? "", /: port TCP\/18210 is taken there: use other/);
});
