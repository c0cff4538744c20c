import assert from "assert";
import {
  admits,
  interfaceFor,
  poolNamed,
  poolsFor,
  poolUse,
  sharesIn,
} from "../../../lib/addresses/mod.ts";
import { parsePoolConfig } from "../../../lib/pools/mod.ts";
import { AddressBed } from "../../fakes/address_bed.ts";

const nobody = { labels: {}, namespaceLabels: {} };

const FIRST = {
  "cidr-dummystart": "172.16.0.1/24",
  "cidr-global": "192.168.1.1/24",
  "cidr-system": "10.10.10.8/29",
  "allow-share-system": "true",
  "cidr-dummyend": "172.16.0.2/24",
  "cidr-ipv6": "2001::10/127",
};
const SECOND = {
  "range-dummystart": "172.16.0.1-172.16.0.254",
  "range-global": "192.168.1.1-192.168.1.254",
  "range-system": "10.10.10.8-10.10.10.15",
  "range-dummyend": "172.16.1.1-172.16.1.254",
  "cidr-ipv6": "2001::10-2001::20",
};
const LOOKUPS: readonly (readonly [
  string,
  Readonly<Record<string, string>>,
  string,
  string,
  boolean,
  boolean,
])[] = [
  ["G1", FIRST, "system", "10.10.10.8/29", false, true],
  ["G2", FIRST, "ipv6", "2001::10/127", false, false],
  ["G3", FIRST, "basic", "192.168.1.1/24", true, false],
  ["G4", SECOND, "system", "10.10.10.8-10.10.10.15", false, false],
  ["G5", SECOND, "ipv6", "2001::10-2001::20", false, false],
  ["G6", SECOND, "basic", "192.168.1.1-192.168.1.254", true, false],
];

for (const [id, data, namespace, text, global, share] of LOOKUPS) {
  Deno.test(`${id} poolsFor() finds the pool of namespace ${namespace}`, () => {
    const { config } = parsePoolConfig(data);
    const pools = poolsFor(config, { ...nobody, namespace });
    assert.deepEqual(pools.map((pool) => pool.text), [text]);
    assert.equal(pools[0]?.scope.kind === "global", global);
    assert.equal(sharesIn(config, namespace), share);
  });
}

const ORDERED = parsePoolConfig({
  "cidr-global": "10.0.0.0/24",
  "cidr-dev": "10.1.0.0/24",
  "pool-all": "addresses: 10.2.0.0/24",
  "pool-all-first": "{addresses: 10.3.0.0/24, priority: 7}",
  "pool-web": "{addresses: 10.4.0.0/24, priority: 5, serviceSelector: {tier: web}}",
  "pool-early": "{addresses: 10.5.0.0/24, priority: 2, namespaces: [dev, test]}",
  "pool-late": "{addresses: 10.6.0.0/24, namespaceSelector: {team: a}}",
  "pool-asked": "{addresses: 10.7.0.0/24, autoAssign: false}",
}).config;

const ORDERS = [
  { namespace: "prod", ...nobody, wanted: "pool-all-first pool-all cidr-global" },
  { namespace: "dev", ...nobody, wanted: "pool-early cidr-dev" },
  {
    namespace: "test",
    labels: { tier: "web" },
    namespaceLabels: { team: "a" },
    wanted: "pool-early pool-web pool-late pool-all-first pool-all cidr-global",
  },
];
for (const { wanted, ...customer } of ORDERS) {
  Deno.test(`poolsFor() orders the pools of namespace ${customer.namespace}`, () => {
    assert.equal(poolsFor(ORDERED, customer).map(({ name }) => name).join(" "), wanted);
  });
}

Deno.test("poolsFor() has no other pool for a namespace whose own key gives nothing by itself", () => {
  const { config } = parsePoolConfig({
    ...{ "cidr-dev": "10.1.0.0/24", "exclude-dev": "oops", "cidr-global": "10.0.0.0/24" },
  });
  assert.deepEqual(poolsFor(config, { namespace: "dev", ...nobody }), []);
});

Deno.test("poolNamed() takes the key, or the name without pool-", () => {
  assert.equal(poolNamed(ORDERED, "asked")?.name, "pool-asked");
  assert.equal(poolNamed(ORDERED, "cidr-dev")?.name, "cidr-dev");
  assert.equal(poolNamed(ORDERED, "dev"), undefined);
});

Deno.test("admits() keeps other namespaces out", () => {
  const [pool] = ORDERED.pools.filter(({ name }) => name === "cidr-dev");
  assert.ok(pool);
  assert.equal(admits(pool, { ...nobody, namespace: "dev" }), true);
  assert.equal(admits(pool, { ...nobody, namespace: "prod" }), false);
});

Deno.test("interfaceFor() takes the pool's, else the namespace's, else the global one", () => {
  const { config } = parsePoolConfig({
    "cidr-global": "10.0.0.0/24",
    "pool-x": "{addresses: 10.1.0.0/24, interface: eth9}",
    "interface-global": "eth0",
    "interface-dev": " eth1 ",
    "interface-none": "",
  });
  const [plain, named] = config.pools;
  assert.ok(plain && named);
  const found = ["dev", "prod", "none"].map((ns) => interfaceFor(config, plain, ns));
  assert.deepEqual(found, ["eth1", "eth0", undefined]);
  assert.equal(interfaceFor(config, named, "dev"), "eth9");
});

Deno.test("poolUse() lets Services of a sharing namespace share, Local ones by selector", () => {
  const bed = new AddressBed({ "allow-share-dev": "true" });
  const key = (name: string, spec = {}, annotations = {}) =>
    poolUse(bed.config, bed.ask(name, { spec, annotations })).sharingKey;
  const local = { externalTrafficPolicy: "Local", selector: { app: "a", b: "c" } } as const;
  assert.equal(key("dev/a"), "allow-share");
  assert.equal(key("prod/a"), "");
  assert.equal(key("prod/a", local), "");
  assert.equal(key("dev/a", local), "allow-share for app=a,b=c");
  assert.equal(key("dev/a", { externalTrafficPolicy: "Local" }), "allow-share for dev/a");
  assert.equal(key("dev/a", {}, { "metallb.io/allow-shared-ip": "edge" }), "edge");
});
