/** Rows X of the address reference that need more than one decision, on the API emulator. */
import assert from "assert";
import type { Stored } from "../fakes/api_bed.ts";
import { addressOf, annotationsOf, finalizer, given, IpamBed, label } from "../fakes/ipam_bed.ts";

const pool = { "cidr-global": "10.0.0.0/24" };
const single = { "range-global": "10.0.0.1-10.0.0.1" };
const waits = (service: Stored) => annotationsOf(service)["berth.dev/pending"] !== undefined;

Deno.test("X1 an address in the field alone counts as used", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("a", { spec: { loadBalancerIP: "10.0.0.1" } });
  assert.equal(await bed.address("a"), "10.0.0.1");
  await bed.service("b");
  assert.equal(await bed.address("b"), "10.0.0.2");
});

Deno.test("X2 an address in the annotation counts as used", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("a", { annotations: { [given]: "10.0.0.1" } });
  await bed.event("a", "EnsuredLoadBalancer");
  await bed.service("b");
  assert.equal(await bed.address("b"), "10.0.0.2");
});

Deno.test("X3 an address that another one has is refused with an event", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("b");
  assert.equal(await bed.address("b"), "10.0.0.1");
  await bed.service("a", { annotations: { [given]: "10.0.0.1" } });
  const { message } = await bed.event("a", "SyncLoadBalancerFailed");
  assert.match(message, /10\.0\.0\.1.*test\/b/);
  await bed.remove("b");
  const freed = await bed.until("a", ({ metadata }) => metadata.labels !== undefined);
  assert.deepEqual(freed.metadata.labels, label);
});

Deno.test("X4 an address outside of every pool is taken", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("a", { annotations: { [given]: "1.1.1.1" } });
  const service = await bed.until("a", ({ metadata }) => metadata.labels !== undefined);
  assert.deepEqual(service.metadata.labels, label);
});

Deno.test("X6 pools of a namespace and of all that overlap give no address twice", async () => {
  await using bed = await IpamBed.open({ ...pool, "cidr-dev": "10.0.0.0/24" });
  for (const key of ["dev/a", "prod/a", "dev/b"]) {
    await bed.service(key);
    await bed.address(key);
  }
  const all = await Promise.all(["dev/a", "prod/a", "dev/b"].map((key) => bed.address(key)));
  assert.deepEqual(all, ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  const { message } = await bed.event("kubevip", "QuestionablePool");
  assert.match(message, /cidr-dev/);
});

for (
  const { row, annotation } of [
    { row: "X7 a host name", annotation: "my.host.name" },
    { row: "X8 a blank after the comma", annotation: "10.0.0.8, 10.0.0.9" },
    { row: "X8 something that is no address", annotation: "nonsense" },
  ]
) {
  Deno.test(`${row} in an annotation hinders nobody else`, async () => {
    await using bed = await IpamBed.open(pool);
    await bed.service("a", { annotations: { [given]: annotation } });
    await bed.service("b");
    assert.equal(await bed.address("b"), "10.0.0.1");
    assert.equal(addressOf(await bed.get("a")), annotation);
  });
}

Deno.test("X9 an exhausted pool gives nothing, not even the empty text", async () => {
  await using bed = await IpamBed.open(single);
  await bed.service("a");
  await bed.address("a");
  await bed.service("b", { spec: { ipFamilyPolicy: "PreferDualStack" } });
  await bed.event("b", "SyncLoadBalancerFailed");
  const b = await bed.until("b", waits);
  assert.equal(annotationsOf(b)[given], undefined);
  await bed.remove("a");
  assert.equal(await bed.address("b"), "10.0.0.1");
});

Deno.test("X9 what the peer left of that defect is mended", async () => {
  const before = { b: { labels: label, annotations: { [given]: "" }, finalizers: [finalizer] } };
  await using bed = await IpamBed.open(single, { before });
  assert.equal(await bed.address("b"), "10.0.0.1");
});

Deno.test("X10 the event names namespace and pool", async () => {
  await using bed = await IpamBed.open(single);
  await bed.service("dev/a");
  await bed.address("dev/a");
  await bed.service("dev/b");
  const { message } = await bed.event("b", "SyncLoadBalancerFailed");
  assert.match(message, /^Error syncing load balancer: failed to ensure load balancer: /);
  assert.match(message, /no addresses available in \[dev\] range \[10\.0\.0\.1-10\.0\.0\.1\]/);
});

Deno.test("X17 X18 pools count as they are written now", async () => {
  await using bed = await IpamBed.open({ "cidr-global": "10.0.0.16/29" });
  await bed.service("a");
  assert.equal(await bed.address("a"), "10.0.0.16");
  await bed.remove("a");
  await bed.gone("a");
  await bed.pools({ "cidr-global": "10.0.0.16/29", "skip-end-ips-in-cidr": "true" });
  await bed.service("b");
  assert.equal(await bed.address("b"), "10.0.0.17");
  await bed.pools({ "range-global": "10.9.0.1-10.9.0.9" });
  await bed.service("c");
  assert.equal(await bed.address("c"), "10.9.0.1");
  await bed.pools({ "cidr-global": "10.0.0.16/29" });
  await bed.service("d");
  assert.equal(await bed.address("d"), "10.0.0.16");
});

Deno.test("X19 a Service whose pool is replaced keeps its address and is told", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("a");
  assert.equal(await bed.address("a"), "10.0.0.1");
  await bed.pools({ "cidr-global": "10.5.0.0/24" });
  const { message } = await bed.event("a", "LoadBalancerAddress");
  assert.match(message, /10\.0\.0\.1.*outside every pool/);
  await bed.service("b");
  assert.equal(await bed.address("b"), "10.5.0.1");
  assert.equal(await bed.address("a"), "10.0.0.1");
});

Deno.test("X20 a Service that becomes a ClusterIP frees its address", async () => {
  await using bed = await IpamBed.open(single);
  await bed.service("a");
  await bed.address("a");
  await bed.service("b");
  await bed.event("b", "SyncLoadBalancerFailed");
  await bed.change("a", { spec: { type: "ClusterIP" } });
  assert.equal(await bed.address("b"), "10.0.0.1");
  await bed.event("a", "DeletedLoadBalancer");
  const { metadata, spec } = await bed.get("a");
  assert.deepEqual([metadata.labels ?? {}, metadata.finalizers ?? []], [{}, []]);
  assert.deepEqual([annotationsOf(await bed.get("a")), spec.loadBalancerIP], [{}, undefined]);
});

Deno.test("X20 an address that the owner wrote stays in the Service", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("a", { annotations: { [given]: "10.0.0.7" } });
  await bed.event("a", "EnsuredLoadBalancer");
  await bed.change("a", { spec: { type: "ClusterIP" } });
  const service = await bed.until("a", ({ metadata }) => (metadata.finalizers ?? []).length === 0);
  assert.equal(addressOf(service), "10.0.0.7");
});

Deno.test("X21 a hole is filled at once", async () => {
  await using bed = await IpamBed.open(pool);
  for (const name of ["a", "b", "c", "d"]) {
    await bed.service(name);
    await bed.address(name);
  }
  await bed.remove("b");
  await bed.gone("b");
  await bed.service("e");
  assert.equal(await bed.address("e"), "10.0.0.2");
});

Deno.test("X28 a Service that changes while it is served keeps its first address", async () => {
  await using bed = await IpamBed.open(pool, { start: false });
  await bed.service("a");
  const before = bed.api.requests.length;
  bed.api.fail({ kind: "status", code: 409 }, 2, ({ method }) => method === "PATCH");
  bed.start();
  assert.equal(await bed.address("a"), "10.0.0.1");
  await bed.change("a", { metadata: { annotations: { note: "changed" } } });
  await bed.service("b");
  assert.equal(await bed.address("b"), "10.0.0.2");
  assert.equal(await bed.address("a"), "10.0.0.1");
  assert.ok(bed.api.requests.length > before);
});

for (const concurrentServiceSyncs of [1, 2, 5, 10]) {
  Deno.test(`X29 200 Services, ${concurrentServiceSyncs} at a time: none twice`, async () => {
    await using bed = await IpamBed.open(pool, { settings: { concurrentServiceSyncs } });
    const names = Array.from({ length: 200 }, (_, i) => `s${i}`);
    await Promise.all(names.map((name) => bed.service(name)));
    const addresses = await Promise.all(names.map((name) => bed.address(name)));
    assert.equal(new Set(addresses).size, 200);
  });
}

Deno.test("X30 a namespace that is called global is one like the others", async () => {
  await using bed = await IpamBed.open(pool, { namespaces: ["global"] });
  await bed.service("dev/a");
  assert.equal(await bed.address("dev/a"), "10.0.0.1");
  await bed.service("global/a");
  assert.equal(await bed.address("global/a"), "10.0.0.2");
});
