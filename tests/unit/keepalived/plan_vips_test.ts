import assert from "assert";
import { stateAnnotation } from "../../../lib/keepalived/cloud_state.ts";
import { forwardMethodAnnotation } from "../../../lib/keepalived/forward_method.ts";
import { planVips } from "../../../lib/keepalived/plan_vips.ts";
import {
  addressesOf,
  afterPlan,
  vipConfigMap,
  vipRecord,
  vipService,
  vipWorld,
} from "../../fakes/vip_world.ts";

const lbIp = (loadBalancerIP: string) => ({ spec: { loadBalancerIP } });

Deno.test("K-A1: the first Service of 10.0.0.0/8 gets 10.0.0.1", () => {
  assert.deepEqual(addressesOf(planVips(vipWorld([vipService("a")]))), { a: "10.0.0.1" });
});

Deno.test("K-A2: with 10.0.0.1 given, the next Service of 10.0.0.0/8 gets 10.0.0.2", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.0.0.1")]);
  const plan = planVips(vipWorld([vipService("a"), vipService("b")], { configMap }));
  assert.deepEqual(addressesOf(plan), { a: "10.0.0.1", b: "10.0.0.2" });
});

Deno.test("KCP-entry: an address is an entry, a record, and the version it was planned on", () => {
  const plan = planVips(vipWorld([vipService("a")], { method: "DR" }));
  const record = { uid: "u-a", ip: "10.0.0.1", serviceNamespace: "default", serviceName: "a" };
  const annotation = JSON.stringify({ services: [{ ...record, forwardMethod: "DR" }] });
  assert.deepEqual(plan.patch, {
    metadata: { resourceVersion: "1", annotations: { [stateAnnotation]: annotation } },
    data: { "10.0.0.1": "default/a:DR" },
  });
  assert.equal(plan.outcomes[0]?.change, "created");
});

Deno.test("KCP-unchanged: a known UID keeps its address and nothing is written", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.9.9.9")]);
  const plan = planVips(vipWorld([vipService("a")], { configMap }));
  assert.deepEqual(addressesOf(plan), { a: "10.9.9.9" });
  assert.equal(plan.patch, undefined);
  assert.equal(plan.outcomes[0]?.change, "none");
});

for (const ip of ["10.0.0.77", "192.168.1.1"]) {
  Deno.test(`KCP-lbip: loadBalancerIP ${ip} is given, inside the CIDR or not`, () => {
    assert.deepEqual(addressesOf(planVips(vipWorld([vipService("a", lbIp(ip))]))), { a: ip });
  });
}

Deno.test("KCP-lbip-move: another loadBalancerIP moves the Service and frees the old address", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.0.0.1")]);
  const plan = planVips(vipWorld([vipService("a", lbIp("10.0.0.5"))], { configMap }));
  assert.equal(plan.outcomes[0]?.change, "moved");
  assert.deepEqual(afterPlan(configMap, plan).data, { "10.0.0.5": "default/a" });
});

Deno.test("KCP-lbip-cleared: without loadBalancerIP the Service keeps its address", () => {
  const configMap = vipConfigMap([vipRecord("a", "192.168.1.1")]);
  const plan = planVips(vipWorld([vipService("a")], { configMap }));
  assert.deepEqual(addressesOf(plan), { a: "192.168.1.1" });
});

Deno.test("KCP-lbip-panic: a bad loadBalancerIP is a problem of that Service alone", () => {
  const plan = planVips(vipWorld([vipService("a", lbIp("10.0.0")), vipService("b")]));
  assert.deepEqual(addressesOf(plan), { b: "10.0.0.1", a: undefined });
  assert.match(
    plan.outcomes.find(({ problem }) => problem)?.problem ?? "",
    /loadBalancerIP is "10/,
  );
});

Deno.test("KCP-lbip-taken: an address of another Service is refused, the own one is kept", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.0.0.1"), vipRecord("b", "10.0.0.2")]);
  const services = [vipService("a"), vipService("b", lbIp("10.0.0.1"))];
  const plan = planVips(vipWorld(services, { configMap }));
  assert.deepEqual(addressesOf(plan), { a: "10.0.0.1", b: "10.0.0.2" });
  assert.match(plan.outcomes[1]?.problem ?? "", /10\.0\.0\.1 belongs to Service default\/a/);
  assert.equal(plan.patch, undefined);
});

Deno.test("KCP-lbip-both: of two that ask for one address the older one gets it", () => {
  const at = (name: string, creationTimestamp: string) =>
    vipService(name, { ...lbIp("10.0.0.9"), metadata: { creationTimestamp } });
  const services = [at("young", "2026-02-01T00:00:00Z"), at("old", "2026-01-01T00:00:00Z")];
  assert.deepEqual(addressesOf(planVips(vipWorld(services))), {
    old: "10.0.0.9",
    young: undefined,
  });
});

Deno.test("KCP-lbip-first: an address that one names is not given to another before", () => {
  const services = [vipService("a"), vipService("b", lbIp("10.0.0.1"))];
  assert.deepEqual(addressesOf(planVips(vipWorld(services))), { b: "10.0.0.1", a: "10.0.0.2" });
});

Deno.test("KCP-shared: two Services that the peer left on one address keep it", () => {
  const records = [vipRecord("a", "10.0.0.1"), vipRecord("b", "10.0.0.1")];
  const configMap = vipConfigMap(records);
  const services = [vipService("a", lbIp("10.0.0.1")), vipService("b", lbIp("10.0.0.1"))];
  const plan = planVips(vipWorld(services, { configMap }));
  assert.deepEqual(addressesOf(plan), { a: "10.0.0.1", b: "10.0.0.1" });
  assert.deepEqual(plan.outcomes.map(({ problem }) => problem), [undefined, undefined]);
  assert.equal(plan.patch, undefined);
});

Deno.test("KCP-shared-delete: when one of two on an address goes, the entry is the other's", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.0.0.1"), vipRecord("b", "10.0.0.1")]);
  const plan = planVips(vipWorld([vipService("a")], { configMap }));
  assert.deepEqual(afterPlan(configMap, plan).data, { "10.0.0.1": "default/a" });
});

for (
  const { row, cidr, address } of [
    { row: "KCP-cidr-32: the peer panics", cidr: "10.0.0.7/32", address: "10.0.0.7" },
    { row: "KCP-cidr-31: the peer finds none", cidr: "10.0.0.6/31", address: "10.0.0.6" },
    { row: "KCP-cidr-host-bits", cidr: "10.210.38.100/26", address: "10.210.38.65" },
  ]
) {
  Deno.test(`${row}: ${cidr} gives ${address}`, () => {
    assert.deepEqual(addressesOf(planVips(vipWorld([vipService("a")], { cidr }))), { a: address });
  });
}

Deno.test("KCP-exhausted: the problem names the CIDR and the remedy; a release mends it", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.0.0.1"), vipRecord("b", "10.0.0.2")]);
  const services = [vipService("a"), vipService("b"), vipService("c")];
  const world = vipWorld(services, { cidr: "10.0.0.0/30", configMap });
  assert.match(
    planVips(world).outcomes.at(-1)?.problem ?? "",
    /^no address is left in the service CIDR 10\.0\.0\.0\/30: enlarge it or remove/,
  );
  const later = planVips({ ...world, services: services.slice(1) });
  assert.deepEqual(addressesOf(later), { b: "10.0.0.2", c: "10.0.0.1" });
});

Deno.test("KCP-cidr-unset: without a CIDR only Services that name an address get one", () => {
  const { pool: _, ...world } = vipWorld([vipService("a"), vipService("b", lbIp("10.0.0.9"))]);
  const plan = planVips(world);
  assert.deepEqual(addressesOf(plan), { b: "10.0.0.9", a: undefined });
  assert.match(plan.outcomes.at(-1)?.problem ?? "", /set KEEPALIVED_SERVICE_CIDR or spec\.load/);
});

Deno.test("KCP-cidr-family: a Service of the other family is told", () => {
  const service = vipService("a", { spec: { ipFamilies: ["IPv6"] } });
  const [outcome] = planVips(vipWorld([service])).outcomes;
  assert.match(
    outcome?.problem ?? "",
    /CIDR 10\.0\.0\.0\/8 is IPv4, but the Service has only IPv6/,
  );
});

Deno.test("KKV-ipv6-key: an IPv6 address is an entry with dashes", () => {
  const service = vipService("a", { spec: { ipFamilies: ["IPv6"] } });
  const plan = planVips(vipWorld([service], { cidr: "fd00::/64" }));
  assert.deepEqual(afterPlan(vipConfigMap([]), plan).data, { "fd00--1": "default/a" });
});

Deno.test("KCP-method-first-sync: the annotation counts from the first sync on", () => {
  const service = vipService("a", { annotations: { [forwardMethodAnnotation]: "DR" } });
  const plan = planVips(vipWorld([service], { method: "NAT" }));
  assert.deepEqual(afterPlan(vipConfigMap([]), plan).data, { "10.0.0.1": "default/a:DR" });
});

Deno.test("KCP-method-move: the annotation counts in the sync that moves the address, too", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.0.0.1", "NAT")]);
  const service = vipService("a", {
    ...lbIp("10.0.0.5"),
    annotations: { [forwardMethodAnnotation]: "DR" },
  });
  const plan = planVips(vipWorld([service], { configMap, method: "NAT" }));
  assert.deepEqual(afterPlan(configMap, plan).data, { "10.0.0.5": "default/a:DR" });
});

Deno.test("KCP-method-change: another method keeps the address", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.0.0.3", "NAT")]);
  const service = vipService("a", { annotations: { [forwardMethodAnnotation]: "dr" } });
  const plan = planVips(vipWorld([service], { configMap }));
  assert.equal(plan.outcomes[0]?.change, "method");
  assert.deepEqual(afterPlan(configMap, plan).data, { "10.0.0.3": "default/a:DR" });
});

Deno.test("KCP-method-invalid: a bad method is told and the address stays reachable", () => {
  const service = vipService("a", { annotations: { [forwardMethodAnnotation]: "TUN" } });
  const plan = planVips(vipWorld([service], { method: "DR" }));
  assert.deepEqual(afterPlan(vipConfigMap([]), plan).data, { "10.0.0.1": "default/a:DR" });
  assert.match(plan.outcomes[0]?.warning ?? "", /use NAT, DR or PROXY/);
});

Deno.test("KCP-same-again: a Service made again under its name has its address again", () => {
  const configMap = vipConfigMap([vipRecord("z", "10.0.0.1"), vipRecord("a", "10.0.0.2")]);
  const again = vipService("a", { metadata: { uid: "u-new" } });
  const plan = planVips(vipWorld([again], { configMap }));
  assert.deepEqual(addressesOf(plan), { a: "10.0.0.2" });
});

Deno.test("KCP-state-broken: a state that cannot be read stops the plan before it writes", () => {
  const configMap = { ...vipConfigMap([]), annotations: { [stateAnnotation]: "{" } };
  assert.throws(() => planVips(vipWorld([vipService("a")], { configMap })), /is not JSON/);
});
