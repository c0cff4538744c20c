import assert from "assert";
import type { Fault } from "../../lib/embedded/mod.ts";
import { ask, ControllerBed } from "../fakes/controller_bed.ts";
import { fastClock } from "../fakes/fast_clock.ts";
import { startNamedBackend } from "../fakes/named_backend.ts";
import { ownSubnet } from "../fakes/own_subnet.ts";

// back-off of a second and more is not what these tests are about
const clock = fastClock(20);

const faults: readonly (readonly [string, Fault])[] = [
  ["401", { kind: "status", code: 401 }],
  ["403", { kind: "status", code: 403 }],
  ["410", { kind: "expired" }],
  ["429 with Retry-After", { kind: "status", code: 429, retryAfterSeconds: 0.2 }],
  ["500", { kind: "status", code: 500 }],
  ["garbage", { kind: "garbage" }],
];

for (const [what, fault] of faults) {
  Deno.test(`${what} on every read hurts nothing, and news come afterwards`, async () => {
    await using backend = await startNamedBackend("a");
    await using one = await ControllerBed.open(ownSubnet(2), { clock });
    await one.endpoints("web", backend.endpoint);
    await one.expose("web");
    const address = await one.address("web");
    one.bed.fail(fault, 6, ({ method }) => method === "GET");
    one.bed.api.closeWatches();
    await one.expose("more");
    await one.address("more");
    assert.equal(await ask(address, 18_200), "a");
    assert.deepEqual(one.ledger.held("one/default/web"), [address]);
  });

  Deno.test(`${what} on writes is tried again`, async () => {
    await using one = await ControllerBed.open(ownSubnet(2), { clock });
    one.bed.fail(fault, 3, ({ method }) => method === "PATCH");
    await one.expose("web");
    await one.address("web");
    await one.bed.until(
      "services",
      ({ metadata }) => metadata.name === "web" && metadata.finalizers?.length === 1,
    );
    await one.event("web", "EnsuredLoadBalancer");
    one.bed.fail(fault, 1, ({ method }) => method === "PATCH");
    await one.remove("web");
    await one.gone("web");
  });
}

Deno.test("events that cannot be written hurt nothing", async () => {
  await using one = await ControllerBed.open(ownSubnet(2), { clock });
  one.bed.fail({ kind: "status", code: 403 }, 100, ({ resource }) => resource === "/events");
  await one.expose("web");
  await one.address("web");
  assert.deepEqual(one.bed.objects("events"), []);
});

Deno.test("Services that change while every watch is cut are followed", async () => {
  await using a = await startNamedBackend("a");
  await using b = await startNamedBackend("b");
  await using one = await ControllerBed.open(ownSubnet(2), { clock });
  await one.endpoints("web", a.endpoint);
  await one.expose("web");
  await one.expose("old");
  const address = await one.address("web");
  await one.address("old");
  await one.jobs(2);
  one.bed.api.closeWatches();
  one.bed.api.store.compact();
  await one.endpoints("web", b.endpoint);
  await one.remove("old");
  await one.jobs(3);
  await one.gone("old");
  assert.equal(await ask(address, 18_200), "b");
  assert.deepEqual([...one.ledger.keys()], ["one/default/web"]);
});

Deno.test("a Service of a kind that cannot be read is left out, others are served", async () => {
  await using one = await ControllerBed.open(ownSubnet(2), { clock });
  const services = { group: "", plural: "services" };
  one.bed.api.store.put(services, {
    ...{ apiVersion: "v1", kind: "Service" },
    metadata: { name: "odd", namespace: "default", uid: "odd" },
    spec: { type: "LoadBalancer", externalTrafficPolicy: "Elsewhere" },
  });
  await one.expose("web");
  await one.address("web");
  assert.deepEqual([...one.ledger.keys()], ["one/default/web"]);
});
