/** Rows K and L of the address reference: the class mode, on the API emulator. */
import assert from "assert";
import { addressOf, finalizer, IpamBed, type ServicePlan } from "../fakes/ipam_bed.ts";

const loadBalancerClass = "kube-vip.io/kube-vip-class";
const classMode = { settings: { enableLoadBalancerClass: true } };

/** A Service of the class. */
function ofClass(spec: object, more: Omit<ServicePlan, "spec"> = {}): ServicePlan {
  return { ...more, spec: { loadBalancerClass, ...spec } };
}

const port = (protocol: string, number: number) => ({ ports: [{ protocol, port: number }] });

for (
  const { row, protocol } of [
    { row: "K1", protocol: "UDP" },
    { row: "K2", protocol: "TCP" },
    { row: "K3", protocol: "SCTP" },
  ]
) {
  Deno.test(`${row} a ${protocol} Service of the class is served with one write`, async () => {
    await using bed = await IpamBed.open({ "cidr-global": "10.0.0.1/24" }, classMode);
    await bed.service("name", ofClass(port(protocol, 80)));
    assert.equal(await bed.address("name"), "10.0.0.1");
    await bed.event("name", "EnsuredLoadBalancer");
    assert.deepEqual((await bed.get("name")).metadata.finalizers, [finalizer]);
    assert.equal(bed.writes("name", "PUT"), 0);
    assert.equal(bed.writes("name", "PATCH"), 1);
  });
}

Deno.test("K4 a Service that is being deleted is let go with one write", async () => {
  const before = { name: ofClass({}, { finalizers: [finalizer] }) };
  const options = { ...classMode, before, start: false };
  await using bed = await IpamBed.open({ "cidr-global": "10.0.0.1/24" }, options);
  await bed.remove("name");
  assert.ok((await bed.get("name")).metadata.deletionTimestamp);
  const patches = bed.writes("name", "PATCH");
  bed.start();
  await bed.gone("name");
  assert.equal(bed.writes("name", "PATCH") - patches, 1);
  assert.equal(bed.writes("name", "PUT"), 0);
});

Deno.test("K5 a Service that has the finalizer already is served with one write", async () => {
  await using bed = await IpamBed.open({ "cidr-global": "10.0.0.1/24" }, classMode);
  await bed.service("name", ofClass(port("TCP", 80), { finalizers: [finalizer] }));
  assert.equal(await bed.address("name"), "10.0.0.1");
  assert.deepEqual((await bed.get("name")).metadata.finalizers, [finalizer]);
  assert.equal(bed.writes("name", "PATCH"), 1);
});

const dual = { ipFamilyPolicy: "RequireDualStack", ipFamilies: ["IPv4", "IPv6"] };

Deno.test("L1-L8 Services of the class share addresses, one after the other", async (t) => {
  const pools = { "cidr-global": "10.0.0.2/31,2001::0/48", "allow-share-global": "true" };
  await using bed = await IpamBed.open(pools, classMode);
  const rows = [
    {
      row: "L1",
      name: "udp-service",
      spec: { ...port("UDP", 123), ...dual },
      has: "10.0.0.2,2001::",
    },
    {
      row: "L2",
      name: "basic-service1",
      spec: { ...port("TCP", 345), ...dual },
      has: "10.0.0.2,2001::1",
    },
    { row: "L3", name: "sctp-service", spec: port("SCTP", 1234), has: "10.0.0.2" },
    {
      row: "L5",
      name: "basic-service3",
      spec: port("TCP", 80),
      finalizers: [finalizer],
      has: "10.0.0.2",
    },
    { row: "L6", name: "basic-service4", spec: port("TCP", 8080), has: "10.0.0.2" },
    { row: "L7", name: "basic-service5", spec: port("TCP", 80), has: "10.0.0.3" },
  ];
  for (const { row, name, spec, finalizers = [], has } of rows) {
    await t.step(`${row} ${name} gets ${has}`, async () => {
      await bed.service(name, ofClass(spec, { finalizers }));
      assert.equal(await bed.address(name), has);
    });
  }
  await t.step("L4 basic-service2 is being deleted and gets nothing", async () => {
    await bed.stop();
    await bed.service("basic-service2", ofClass(port("TCP", 81), { finalizers: [finalizer] }));
    await bed.remove("basic-service2");
    bed.start();
    await bed.gone("basic-service2");
  });
  await t.step(
    "L8 basic-service6 finds its port taken on both, and keeps the finalizer",
    async () => {
      await bed.service("basic-service6", ofClass(port("TCP", 80)));
      await bed.event("basic-service6", "SyncLoadBalancerFailed");
      const service = await bed.until(
        "basic-service6",
        ({ metadata }) => metadata.finalizers?.includes(finalizer) ?? false,
      );
      assert.equal(addressOf(service), "");
    },
  );
});

Deno.test("class mode: a Service whose type and class change away loses the finalizer", async () => {
  await using bed = await IpamBed.open({ "cidr-global": "10.0.0.1/24" }, classMode);
  await bed.service("name", ofClass({}));
  await bed.address("name");
  await bed.change("name", { spec: { type: "ClusterIP", loadBalancerClass: null } });
  await bed.until("name", ({ metadata }) => (metadata.finalizers ?? []).length === 0);
  await bed.remove("name");
  await bed.gone("name");
});

Deno.test("class mode: one that waited while berth was away loses it, too", async () => {
  await using bed = await IpamBed.open(undefined, classMode);
  await bed.service("name", ofClass({}));
  await bed.until("name", ({ metadata }) => (metadata.finalizers ?? []).length === 1);
  await bed.stop();
  await bed.change("name", { spec: { type: "ClusterIP", loadBalancerClass: null } });
  bed.start();
  await bed.until("name", ({ metadata }) => (metadata.finalizers ?? []).length === 0);
});

Deno.test("class mode: events name the peer's component of that mode", async () => {
  await using bed = await IpamBed.open({ "cidr-global": "10.0.0.1/24" }, classMode);
  await bed.service("name", ofClass({}));
  const event = await bed.event("name", "EnsuredLoadBalancer");
  assert.equal(event["source"].component, "service-lbc-controller");
});

for (const own of ["default", "class"]) {
  const mode = own === "class" ? classMode : {};
  Deno.test(`${own} mode: Services of the other kind and their finalizers stay as they are`, async () => {
    const other = own === "class" ? {} : { loadBalancerClass };
    await using bed = await IpamBed.open({ "cidr-global": "10.0.0.1/24" }, mode);
    const before = await bed.service("other", { spec: other, finalizers: [finalizer] });
    await bed.service("own", own === "class" ? ofClass({}) : {});
    await bed.address("own");
    await bed.event("own", "EnsuredLoadBalancer");
    const after = await bed.get("other");
    assert.equal(after.metadata.resourceVersion, before.metadata.resourceVersion);
  });
}
