import assert from "assert";
import type { ClusterControllerOptions } from "../../lib/cli/app/cluster_controller.ts";
import { ApiBed } from "../fakes/api_bed.ts";
import {
  addressesOf,
  ask,
  conditionOf,
  ControllerBed,
  embeddedController,
  ledgerOf,
} from "../fakes/controller_bed.ts";
import { startNamedBackend } from "../fakes/named_backend.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { ownSubnet, subnetRoom } from "../fakes/own_subnet.ts";

const services = "/api/v1/namespaces/default/services";
const { signal } = new AbortController();

Deno.test("a controller that starts again keeps every address", async () => {
  await using backend = await startNamedBackend("a");
  await using first = await ControllerBed.open(ownSubnet(3));
  await first.endpoints("web", backend.endpoint);
  const wanted = ownSubnet(3).replace(/\d+\/28$/, (end) => String(parseInt(end) + 3));
  await first.expose("web", {}, { "berth.dev/addresses": wanted });
  assert.equal(await first.address("web"), wanted);
  await first.change("web", { metadata: { annotations: { "berth.dev/addresses": null } } });
  await first.controller[Symbol.asyncDispose]();
  assert.equal(await ask(wanted, 18_200), undefined);
  const again = await ControllerBed.open(ownSubnet(3), { bed: first.bed });
  await using _controller = again.controller;
  await again.jobs(1);
  assert.equal(await ask(wanted, 18_200), "a");
  assert.deepEqual(again.ledger.held("one/default/web"), [wanted]);
  assert.deepEqual(addressesOf(await again.service("web")), [wanted]);
});

Deno.test("of two Services that claim one address after a restart, one gets another", async () => {
  await using first = await ControllerBed.open(ownSubnet(3));
  await first.expose("a");
  await first.expose("b");
  const address = await first.address("a");
  await first.address("b");
  await first.controller[Symbol.asyncDispose]();
  await first.bed.patch(`${services}/b/status`, {
    status: { loadBalancer: { ingress: [{ ip: address }] } },
  });
  const again = await ControllerBed.open(ownSubnet(3), { bed: first.bed });
  await using _controller = again.controller;
  await again.jobs(2);
  const [a, b] = [addressesOf(await again.service("a")), addressesOf(await again.service("b"))];
  assert.equal(new Set([...a, ...b]).size, 2);
  assert.ok([...a, ...b].includes(address));
});

Deno.test("Services deleted or turned while nobody served them are let go", async () => {
  await using first = await ControllerBed.open(ownSubnet(3));
  for (const name of ["gone", "turned", "kept"]) await first.expose(name);
  for (const name of ["gone", "turned", "kept"]) await first.address(name);
  await first.controller[Symbol.asyncDispose]();
  await first.remove("gone");
  await first.change("turned", { spec: { type: "ClusterIP" } });
  const again = await ControllerBed.open(ownSubnet(3), { bed: first.bed });
  await using _controller = again.controller;
  await again.gone("gone");
  await again.bed.until(
    "services",
    ({ metadata }) => metadata.name === "turned" && (metadata.finalizers ?? []).length === 0,
  );
  await again.jobs(1);
  assert.deepEqual([...again.ledger.keys()], ["one/default/kept"]);
});

Deno.test("a worker that crashes is replaced, and all it served answers again", async () => {
  await using backend = await startNamedBackend("a");
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const entry = new URL("../fixtures/workers/mortal_reconcile_worker.ts", import.meta.url);
  entry.searchParams.set("port", String(listener.addr.port));
  {
    await using one = await ControllerBed.open(ownSubnet(4), { workerEntry: entry });
    await one.endpoints("web", backend.endpoint);
    await one.endpoints("more", backend.endpoint);
    await one.expose("web");
    await one.expose("more", { ports: [{ port: 18_220 }] });
    const addresses = [await one.address("web"), await one.address("more")] as const;
    await one.jobs(2);
    using worker = await listener.accept();
    await worker.write(new Uint8Array(1));
    await one.jobs(4);
    assert.equal(await ask(addresses[0], 18_200), "a");
    assert.equal(await ask(addresses[1], 18_220), "a");
    assert.deepEqual([await one.address("web"), await one.address("more")], addresses);
    (await listener.accept()).close();
  }
  listener.close();
});

Deno.test("two clusters on one ledger never share an address, and give way to each other", async () => {
  const ledger = ledgerOf(ownSubnet(5));
  const all: ControllerBed[] = [];
  const freed: NonNullable<ClusterControllerOptions["freed"]> = (...news) =>
    all.forEach(({ controller }) => controller.addressesFreed(...news));
  await using one = await ControllerBed.open("", { ledger, freed, cluster: "one", workers: 2 });
  await using two = await ControllerBed.open("", { ledger, freed, cluster: "two", workers: 2 });
  all.push(one, two);
  const names = ["a", "b", "c"];
  await Promise.all(all.flatMap((each) => names.map((name) => each.expose(name))));
  const held = await Promise.all(all.flatMap((each) => names.map((name) => each.address(name))));
  assert.equal(new Set(held).size, 6);
  await Promise.all(all.map((each) => each.expose("d")));
  const [winner, loser] = await Promise.race([
    one.address("d").then(() => [one, two] as const),
    two.address("d").then(() => [two, one] as const),
  ]);
  assert.ok(!held.includes(await winner.address("d")));
  await loser.condition("d", "SyncLoadBalancerFailed");
  const freedAddress = await winner.address("a");
  await winner.remove("a");
  assert.equal(await loser.address("d"), freedAddress);
});

Deno.test("an address that comes free goes on to who can use it, without any retry", async () => {
  // no back-off ends on a clock that stands still
  await using one = await ControllerBed.open(ownSubnet(7), { clock: new FakeClock(Date.now()) });
  const names = Array.from({ length: subnetRoom }, (_, i) => `s${i}`);
  await Promise.all(names.map((name) => one.expose(name)));
  const held = await Promise.all(names.map((name) => one.address(name)));
  const [first = "", second = "", third = ""] = held;
  await one.expose("asks", { loadBalancerIP: first });
  await one.condition("asks", "SyncLoadBalancerFailed");
  for (const name of ["x", "y"]) {
    await one.expose(name);
    await one.condition(name, "SyncLoadBalancerFailed");
  }
  await one.remove("s1");
  assert.equal(await one.address("x"), second);
  await one.remove("s0");
  assert.equal(await one.address("asks"), first);
  await one.remove("s2");
  assert.equal(await one.address("y"), third);
});

Deno.test("releaseAll() leaves Services as if nobody had served them", async () => {
  await using backend = await startNamedBackend("a");
  await using one = await ControllerBed.open(ownSubnet(6));
  await one.endpoints("web", backend.endpoint);
  await one.expose("web");
  await one.expose("refused", {}, { "berth.dev/plane": "warp" });
  await one.condition("refused", "SyncLoadBalancerFailed");
  const address = await one.address("web");
  await one.controller.releaseAll(signal);
  assert.equal(await ask(address, 18_200), undefined);
  assert.deepEqual([...one.ledger.keys()], []);
  for (const name of ["web", "refused"]) {
    const service = await one.service(name);
    assert.deepEqual([service.metadata.finalizers ?? [], addressesOf(service)], [[], []], name);
    assert.equal(conditionOf(service)?.reason, "Released", name);
    await one.event(name, "DeletedLoadBalancer");
  }
});

Deno.test("releaseAll() goes on where one Service cannot be written", async () => {
  await using one = await ControllerBed.open(ownSubnet(6));
  await one.expose("a");
  await one.expose("b");
  await one.address("a");
  await one.address("b");
  await one.jobs(2);
  one.bed.fail(
    { kind: "status", code: 500 },
    9,
    ({ method, name }) => method === "PATCH" && name === "a",
  );
  await one.controller.releaseAll(signal);
  assert.deepEqual(addressesOf(await one.service("b")), []);
  assert.notDeepEqual(addressesOf(await one.service("a")), []);
});

Deno.test("forget() gives addresses back without touching Services", async () => {
  await using one = await ControllerBed.open(ownSubnet(6));
  await one.expose("web");
  const address = await one.address("web");
  one.controller.forget();
  assert.deepEqual([...one.ledger.keys()], []);
  assert.deepEqual(addressesOf(await one.service("web")), [address]);
});

Deno.test("connect() to the API server again goes on where it was", async () => {
  await using backend = await startNamedBackend("a");
  await using one = await ControllerBed.open(ownSubnet(7));
  await one.endpoints("web", backend.endpoint);
  await one.expose("web");
  const address = await one.address("web");
  await one.jobs(1);
  await one.controller.connect(one.bed.api.kubeconfig());
  await one.expose("more");
  await one.address("more");
  await one.jobs(3);
  assert.equal(await ask(address, 18_200), "a");
  assert.equal(await one.address("web"), address);
});

Deno.test("a Service made again under a foreign class loses the address, and is left alone", async () => {
  await using one = await ControllerBed.open(ownSubnet(7));
  await one.expose("web");
  const address = await one.address("web");
  await one.jobs(1);
  // the watch is cut, so that only the last state is seen
  one.bed.fault = ({ method, path }) =>
    method === "GET" && path === "/api/v1/services" ? { kind: "status", code: 503 } : undefined;
  one.bed.api.closeWatches();
  await one.change("web", { metadata: { finalizers: null } });
  await one.remove("web");
  await one.expose("web", { loadBalancerClass: "example.com/other" });
  await one.change("web", {
    metadata: { finalizers: ["service.kubernetes.io/load-balancer-cleanup"] },
  });
  await one.bed.patch(`${services}/web/status`, {
    status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } },
  });
  one.bed.fault = () => undefined;
  await one.expose("next", { loadBalancerIP: address });
  assert.equal(await one.address("next"), address);
  const web = await one.service("web");
  assert.deepEqual(addressesOf(web), ["192.0.2.1"]);
  assert.equal(web.metadata.finalizers?.length, 1);
  assert.equal(conditionOf(web), undefined);
});

Deno.test("a controller that never connected ends cleanly", async () => {
  const controller = embeddedController(ledgerOf(ownSubnet(8)));
  await controller.releaseAll(signal);
  await controller[Symbol.asyncDispose]();
});

Deno.test("a controller ends cleanly while its API server is away", async () => {
  const bed = new ApiBed();
  bed.api.seedSample();
  const one = await ControllerBed.open(ownSubnet(8), { bed });
  await one.expose("web");
  await one.address("web");
  await bed[Symbol.asyncDispose]();
  await one.controller[Symbol.asyncDispose]();
});
