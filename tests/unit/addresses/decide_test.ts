import assert from "assert";
import { decideAddresses } from "../../../lib/addresses/mod.ts";
import { AddressBed, alone, type ServiceWish } from "../../fakes/address_bed.ts";

const require: ServiceWish = { spec: { ipFamilyPolicy: "RequireDualStack" } };
const prefer: ServiceWish = { spec: { ipFamilyPolicy: "PreferDualStack" } };

function wants(annotations: Readonly<Record<string, string>>, spec = {}): ServiceWish {
  return { annotations, spec };
}

Deno.test("decideAddresses() names addresses, pool, rule, interface and use", () => {
  const bed = new AddressBed({
    "cidr-dev": "10.0.0.0/24",
    "interface-dev": "eth1",
    "allow-share-dev": "true",
  });
  assert.deepEqual(bed.decide("dev/a"), {
    kind: "take",
    addresses: ["10.0.0.1"],
    pool: "cidr-dev",
    reason: "lowest free address of cidr-dev (namespace dev)",
    interface: "eth1",
    shared: false,
    use: { ports: ["TCP/80"], sharingKey: "allow-share" },
    warnings: [],
  });
  bed.serve("dev/a");
  const second = bed.decide("dev/b", { spec: { ports: [{ port: 81 }] } });
  assert.ok(second.kind === "take" && second.shared);
  assert.equal(second.reason, "a shared address of cidr-dev (namespace dev)");
});

Deno.test("decideAddresses() shares one address after the other, dual stack with its own IPv6", () => {
  const bed = new AddressBed({
    "cidr-global": "10.0.0.2/31,2001::0/48",
    "allow-share-global": "true",
  });
  const port = (number: number, protocol: "TCP" | "UDP" | "SCTP" = "TCP") => ({
    ports: [{ port: number, protocol }],
  });
  const steps: readonly (readonly [string, ServiceWish, RegExp])[] = [
    ["a/udp", { spec: { ...require.spec, ...port(123, "UDP") } }, /^10\.0\.0\.2,2001::$/],
    ["a/basic1", { spec: { ...require.spec, ...port(345) } }, /^10\.0\.0\.2,2001::1$/],
    ["a/sctp", { spec: port(1234, "SCTP") }, /^10\.0\.0\.2$/],
    ["a/basic3", { spec: port(80) }, /^10\.0\.0\.2$/],
    ["a/basic4", { spec: port(8080) }, /^10\.0\.0\.2$/],
    ["a/basic5", { spec: port(80) }, /^10\.0\.0\.3$/],
    ["a/basic6", { spec: port(80) }, /^exhausted: /],
  ];
  for (const [key, wish, wanted] of steps) assert.match(bed.serve(key, wish), wanted);
});

Deno.test("decideAddresses() takes from the pool that is asked for, and moves there", () => {
  const bed = new AddressBed({
    "cidr-global": "10.0.0.0/24",
    "cidr-dev": "10.2.0.0/24",
    "pool-public": "{addresses: 192.0.2.0/28, autoAssign: false}",
  });
  assert.equal(bed.serve("prod/a"), "10.0.0.1");
  assert.equal(bed.serve("prod/a", wants({ "metallb.io/address-pool": "public" })), "192.0.2.1");
  assert.equal(bed.serve("prod/a", wants({ "berth.dev/address-pool": "public" })), "192.0.2.1");
  assert.match(
    bed.serve("prod/b", wants({ "berth.dev/address-pool": "cidr-dev" })),
    /^no-pool: the pool cidr-dev is not for this Service: ask for cidr-global, pool-public$/,
  );
  assert.match(bed.serve("prod/b", wants({ "berth.dev/address-pool": "x" })), /x does not exist/);
});

Deno.test("decideAddresses() leaves who has DHCP from a pool that is asked for what it has", () => {
  const bed = new AddressBed({ "pool-x": "addresses: [0.0.0.0/32, fd00::10/124]" });
  const wish = { ...wants({ "berth.dev/address-pool": "x" }), ...prefer };
  for (const _ of [1, 2]) assert.equal(bed.serve("prod/a", wish), "0.0.0.0,fd00::10");
});

Deno.test("decideAddresses() adds the missing family out of the pool that is asked for", () => {
  const bed = new AddressBed({
    "cidr-global": "10.0.0.0/24",
    "pool-x": "{addresses: [10.2.0.0/24, fd00::10/124], autoAssign: false}",
  });
  const wish = wants({ "berth.dev/address-pool": "x" });
  assert.equal(bed.serve("prod/a", wish), "10.2.0.1");
  assert.equal(bed.serve("prod/a", { ...wish, ...prefer }), "10.2.0.1,fd00::10");
  assert.equal(bed.serve("prod/a", wish), "10.2.0.1");
});

Deno.test("decideAddresses() moves nobody out of a pool that is asked for and lost its address", () => {
  const both = (v4: string, v6: string) => ({ "pool-x": `addresses: [${v4}, ${v6}]` });
  const bed = new AddressBed({
    ...both("10.2.0.0/24", "fd00::10/124"),
    "cidr-global": "10.9.0.0/24",
  });
  const wish = { ...wants({ "berth.dev/address-pool": "x" }), ...prefer };
  assert.equal(bed.serve("prod/a", wish), "10.2.0.1,fd00::10");
  bed.configure(both("10.2.0.0/24", "fd00::20/124"));
  assert.equal(bed.serve("prod/a", wish), "10.2.0.1,fd00::10");
  bed.configure(both("10.3.0.0/24", "fd00::20/124"));
  const kept = bed.decide("prod/a", wish);
  assert.ok(kept.kind === "keep");
  assert.match(
    kept.warnings.join(),
    /10\.2\.0\.1 lies outside every pool now.*fd00::10 lies outside/,
  );
});

Deno.test("decideAddresses() moves who asks for another pool, also from an address of no pool", () => {
  const bed = new AddressBed({ "pool-x": "addresses: 10.2.0.0/24" });
  const wish = (name: string) => wants({ "berth.dev/address-pool": name });
  assert.equal(bed.serve("prod/a", wish("x")), "10.2.0.1");
  bed.configure({ "pool-y": "addresses: 10.3.0.0/24" });
  const ask = { ...bed.ask("prod/a", wish("y")), isPoolNew: true } as const;
  const moved = decideAddresses(ask, bed.config, bed.ledger);
  assert.ok(moved.kind === "take");
  assert.deepEqual(moved.addresses, ["10.3.0.1"]);
});

Deno.test("decideAddresses() moves the family alone that another pool has to the pool asked for", () => {
  const bed = new AddressBed({
    "pool-x": "{addresses: [10.2.0.0/24, fd00::10/124], autoAssign: false}",
    "cidr-global": "fd00::20/124",
  });
  bed.use(["10.2.0.1"]);
  assert.deepEqual(bed.ledger.commit("prod/a", ["10.2.0.2", "fd00::20"], alone), { ok: true });
  const wish = { ...wants({ "berth.dev/address-pool": "x" }), ...prefer };
  assert.equal(bed.serve("prod/a", wish), "10.2.0.2,fd00::10");
});

Deno.test("decideAddresses() goes on to the next pool when one is used up", () => {
  const bed = new AddressBed({
    "pool-a": "{addresses: 10.1.0.1-10.1.0.1, priority: 1}",
    "pool-b": "{addresses: 10.2.0.1-10.2.0.1, priority: 2}",
  });
  const given = ["a/a", "a/b", "a/c"].map((key) => bed.serve(key));
  assert.deepEqual(given.slice(0, 2), ["10.1.0.1", "10.2.0.1"]);
  assert.match(given[2] ?? "", /^exhausted: .*pool-a or delete .*; .*pool-b or delete/);
});

Deno.test("decideAddresses() prefers a pool with both families, else takes what there is", () => {
  const both = { "pool-a": "addresses: 10.1.0.0/24", "pool-b": "addresses: 10.2.0.0/24,fd00::/64" };
  assert.equal(new AddressBed(both).serve("a/a", prefer), "10.2.0.1,fd00::");
  assert.equal(new AddressBed({ "pool-a": both["pool-a"] }).serve("a/a", prefer), "10.1.0.1");
});

Deno.test("decideAddresses() adds the missing family when there is one, and changes nothing else", () => {
  const bed = new AddressBed({ "cidr-global": "10.0.0.0/24" });
  assert.equal(bed.serve("a/a", prefer), "10.0.0.1");
  assert.equal(bed.decide("a/a", prefer).kind, "keep");
  bed.configure({ "cidr-global": "10.0.0.0/24,fd00::/64" });
  assert.equal(bed.serve("a/a", prefer), "10.0.0.1,fd00::");
});

Deno.test("decideAddresses() gives no pool to a namespace that has none, and says what to add", () => {
  const bed = new AddressBed({ "cidr-dev": "10.0.0.0/24", "cidr-broken": "oops" });
  assert.match(
    bed.serve("prod/a"),
    /^no-pool: no pool is for namespace prod: add the key cidr-prod/,
  );
  assert.match(
    bed.serve("broken/a"),
    /^no-pool: cidr-broken has no entry that can be used \("oops"\)/,
  );
});

Deno.test("decideAddresses() does what is asked for, with a warning for what cannot be read", () => {
  const bed = new AddressBed({ "cidr-global": "10.0.0.0/24" });
  const decision = bed.decide("a/a", wants({ "berth.dev/addresses": "10.0.0.9,10.0.0.300" }));
  assert.ok(decision.kind === "take");
  assert.deepEqual([decision.addresses, decision.pool], [["10.0.0.9"], "cidr-global"]);
  assert.equal(decision.reason, "asked for by annotation berth.dev/addresses");
  assert.match(decision.warnings[0] ?? "", /"10\.0\.0\.300" is no address and is left out/);
  assert.match(
    bed.serve("a/b", wants({ "berth.dev/addresses": "10.0.0.300" })),
    /^invalid: annotation berth\.dev\/addresses is "10\.0\.0\.300": write an IP address/,
  );
});

Deno.test("decideAddresses() refuses an address twice unless it can be shared", () => {
  const bed = new AddressBed({ "cidr-global": "10.0.0.0/24" });
  const ask = (port: number, key: string) =>
    wants({ "berth.dev/addresses": "10.0.0.9", "berth.dev/allow-shared-ip": key }, {
      ports: [{ port }],
    });
  assert.equal(bed.serve("a/a", ask(80, "edge")), "10.0.0.9");
  assert.equal(bed.serve("a/b", ask(81, "edge")), "10.0.0.9");
  assert.match(bed.serve("a/c", ask(81, "edge")), /^port-conflict: .*belongs to Service a\/b/);
  assert.match(bed.serve("a/d", ask(82, "other")), /^in-use: .*ask for another one/);
});

Deno.test("decideAddresses() keeps to the pools where outside-pools says so", () => {
  const bed = new AddressBed({ "cidr-global": "10.0.0.0/24", "outside-pools": "refuse" });
  assert.match(bed.serve("a/a", { spec: { loadBalancerIP: "1.1.1.1" } }), /^outside: .*1\.1\.1\.1/);
  assert.equal(bed.serve("a/a", { spec: { loadBalancerIP: "10.0.0.0" } }), "10.0.0.0");
  bed.configure({ "cidr-global": "10.5.0.0/24", "outside-pools": "refuse" });
  assert.equal(bed.serve("a/a", { spec: { loadBalancerIP: "10.0.0.0" } }), "10.0.0.0");
});

Deno.test("decideAddresses() gives no DHCP and no host name where outside-pools says so", () => {
  const refuse = { "cidr-global": "10.0.0.0/24", "outside-pools": "refuse" };
  const bed = new AddressBed(refuse);
  for (const text of ["0.0.0.0", "::", "web.example.org"]) {
    assert.match(bed.serve("a/a", wants({ "kube-vip.io/loadbalancerIPs": text })), /^outside: /);
  }
  bed.configure({ ...refuse, "cidr-dev": "0.0.0.0/32" });
  assert.equal(bed.serve("a/a", { spec: { loadBalancerIP: "0.0.0.0" } }), "0.0.0.0");
  assert.match(bed.serve("a/b", { spec: { loadBalancerIP: "::" } }), /^outside: /);
  bed.configure(refuse);
  // as with every other address, who has it keeps it
  assert.equal(bed.serve("a/a", { spec: { loadBalancerIP: "0.0.0.0" } }), "0.0.0.0");
});

Deno.test("decideAddresses() never gives what a node or container has", () => {
  const bed = new AddressBed({ "cidr-global": "10.0.0.0/24" });
  bed.ledger.reserve("10.0.0.1", "node worker-1");
  assert.equal(bed.serve("a/a"), "10.0.0.2");
  const asked = bed.serve("a/b", { spec: { loadBalancerIP: "10.0.0.1" } });
  assert.match(asked, /^in-use: spec\.loadBalancerIP: .*used by node worker-1/);
});

Deno.test("decideAddresses() loses nothing when the ConfigMap goes and comes back", () => {
  const data = { "cidr-global": "10.0.0.0/24" };
  const bed = new AddressBed(data);
  bed.serve("a/a");
  bed.configure({});
  assert.equal(bed.serve("a/a"), "10.0.0.1");
  assert.match(bed.serve("a/b"), /^no-pool/);
  bed.configure(data);
  assert.deepEqual(bed.decide("a/a").kind, "keep");
  assert.equal(bed.serve("a/b"), "10.0.0.2");
});

Deno.test("decideAddresses() leaves who asks for a pool that is gone what it has, and says so", () => {
  const manual = { "pool-manual": "{addresses: 10.9.0.0/24, autoAssign: false}" };
  const bed = new AddressBed(manual);
  const wish = wants({ "berth.dev/address-pool": "manual" });
  assert.equal(bed.serve("a/a", wish), "10.9.0.1");
  bed.configure({ "cidr-global": "10.0.0.0/24" });
  const outside = bed.decide("a/a", wish);
  assert.ok(outside.kind === "keep");
  assert.equal(outside.warnings.length, 1);
  assert.match(outside.warnings[0] ?? "", /10\.9\.0\.1 lies outside every pool now and is kept/);
  bed.configure({ "cidr-global": "10.9.0.0/24" });
  const inside = bed.decide("a/a", wish);
  assert.ok(inside.kind === "keep");
  assert.match(inside.warnings[0] ?? "", /the pool manual does not exist, and 10\.9\.0\.1 is kept/);
});

Deno.test("decideAddresses() gives another family when the Service changes to it", () => {
  const bed = new AddressBed({ "cidr-global": "10.0.0.0/24,fd00::/64" });
  assert.equal(bed.serve("a/a", { spec: { ipFamilies: ["IPv4"] } }), "10.0.0.1");
  assert.equal(bed.serve("a/a", { spec: { ipFamilies: ["IPv6"] } }), "fd00::");
  assert.equal(bed.serve("a/b", { spec: { ipFamilies: ["IPv4"] } }), "10.0.0.1");
});

Deno.test("decideAddresses() gives .0 and .255 where that is allowed, for all pools or one", () => {
  const range = "10.0.0.255-10.0.1.0";
  const all = new AddressBed({ "range-global": range, "avoid-buggy-ips": "false" });
  assert.deepEqual([all.serve("a/a"), all.serve("a/b")], ["10.0.0.255", "10.0.1.0"]);
  const one = new AddressBed({ "pool-a": `{addresses: ${range}, avoidBuggyIPs: false}` });
  assert.equal(one.serve("a/a"), "10.0.0.255");
});

Deno.test("decideAddresses() chooses no excluded address, and gives it to who asks for it", () => {
  const bed = new AddressBed({
    "cidr-dev": "10.0.0.0/29",
    "exclude-dev": "10.0.0.1-10.0.0.3",
    "pool-a": "{addresses: 10.1.0.0/29, exclude: [10.1.0.1/32], autoAssign: false}",
  });
  assert.equal(bed.serve("dev/a"), "10.0.0.4");
  assert.equal(bed.serve("dev/b", { spec: { loadBalancerIP: "10.0.0.2" } }), "10.0.0.2");
  assert.equal(bed.serve("dev/c", wants({ "berth.dev/address-pool": "a" })), "10.1.0.2");
});

Deno.test("decideAddresses() names the pools that give nothing by themselves, where there is no other", () => {
  const bed = new AddressBed({ "pool-x": "{addresses: 10.0.0.0/24, autoAssign: 'no'}" });
  const decision = bed.decide("dev/a");
  assert.ok(decision.kind === "refuse");
  assert.match(
    decision.message,
    /^no pool is for namespace dev: pool-x gives addresses only to who/,
  );
});
