/** The extras that were measured on the peer: kept as they are, or mended. */
import assert from "assert";
import { AddressBed, type ServiceWish } from "../../fakes/address_bed.ts";

const SLASH24 = { "cidr-global": "10.0.0.0/24" };
const SHARE = { ...SLASH24, "allow-share-global": "true" };

function pin(addresses: string): ServiceWish {
  return { annotations: { "kube-vip.io/loadbalancerIPs": addresses } };
}

function port(number: number, protocol: "TCP" | "UDP" = "TCP"): ServiceWish {
  return { spec: { ports: [{ port: number, protocol }] } };
}

/** Services in order, each with what it must get. */
interface Story {
  readonly id: string;
  readonly tells: string;
  readonly data: Readonly<Record<string, string>>;
  readonly services: readonly (readonly [key: string, wish: ServiceWish, wanted: string])[];
}

const auto: ServiceWish = {};
const dual: ServiceWish = { spec: { ipFamilyPolicy: "PreferDualStack" } };
const STORIES: readonly Story[] = [
  {
    id: "X1",
    tells: "counts an address of spec.loadBalancerIP as used",
    data: SLASH24,
    services: [["a/a", { spec: { loadBalancerIP: "10.0.0.1" } }, "10.0.0.1"], [
      "a/b",
      auto,
      "10.0.0.2",
    ]],
  },
  {
    id: "X2",
    tells: "counts an address of the annotation as used",
    data: SLASH24,
    services: [["a/a", pin("10.0.0.1"), "10.0.0.1"], ["a/b", auto, "10.0.0.2"]],
  },
  {
    id: "X3",
    tells: "refuses an address that another Service has",
    data: SLASH24,
    services: [["a/b", auto, "10.0.0.1"], ["a/a", pin("10.0.0.1"), "in-use"]],
  },
  {
    id: "X4",
    tells: "accepts an address outside the pools",
    data: SLASH24,
    services: [["a/a", pin("1.1.1.1"), "1.1.1.1"]],
  },
  {
    id: "X5",
    tells: "prefers the range of the namespace to the global prefix",
    data: { ...SLASH24, "range-dev": "10.9.0.5-10.9.0.9" },
    services: [["dev/a", auto, "10.9.0.5"], ["prod/a", auto, "10.0.0.1"]],
  },
  {
    id: "X5",
    tells: "prefers the global prefix where the ConfigMap says so, as the peer did",
    data: { ...SLASH24, "range-dev": "10.9.0.5-10.9.0.9", "global-cidr-first": "true" },
    services: [["dev/a", auto, "10.0.0.1"]],
  },
  {
    id: "X6",
    tells: "gives no address twice out of equal pools",
    data: { ...SLASH24, "cidr-dev": "10.0.0.0/24" },
    services: [["dev/a", auto, "10.0.0.1"], ["prod/a", auto, "10.0.0.2"], [
      "dev/b",
      auto,
      "10.0.0.3",
    ]],
  },
  {
    id: "X7",
    tells: "lets a host name be, and serves the next",
    data: SLASH24,
    services: [["a/a", pin("my.host.name"), "my.host.name"], ["a/b", auto, "10.0.0.1"]],
  },
  {
    id: "X8",
    tells: "takes a space after the comma",
    data: SLASH24,
    services: [["a/a", pin("10.0.0.1, 10.0.0.2"), "10.0.0.1,10.0.0.2"], ["a/b", auto, "10.0.0.3"]],
  },
  {
    id: "X9",
    tells: "refuses a dual-stack Service when the one family is used up",
    data: { "range-global": "10.0.0.1-10.0.0.1", "cidr-c": "10.1.0.0/24" },
    services: [["a/a", auto, "10.0.0.1"], ["a/b", dual, "exhausted"], ["c/c", auto, "10.1.0.1"]],
  },
  {
    id: "X11",
    tells: "shares no address that is outside the pools",
    data: SHARE,
    services: [["a/a", pin("1.1.1.1"), "1.1.1.1"], ["a/b", port(81), "10.0.0.1"]],
  },
  {
    id: "X12",
    tells: "shares no DHCP address",
    data: SHARE,
    services: [["a/a", pin("0.0.0.0"), "0.0.0.0"], ["a/b", port(81), "10.0.0.1"]],
  },
  {
    id: "X13",
    tells: "shares a port number between protocols",
    data: SHARE,
    services: [["a/a", port(53, "UDP"), "10.0.0.1"], ["a/b", port(53, "TCP"), "10.0.0.1"]],
  },
  {
    id: "X14",
    tells: "shares under policy Local with the same selector alone",
    data: SHARE,
    services: [
      ["a/a", { spec: { externalTrafficPolicy: "Local", selector: { app: "x" } } }, "10.0.0.1"],
      ["a/b", port(81), "10.0.0.2"],
      [
        "a/c",
        {
          spec: {
            externalTrafficPolicy: "Local",
            selector: { app: "x" },
            ports: [{ port: 82 }],
          },
        },
        "10.0.0.1",
      ],
    ],
  },
  {
    id: "X15",
    tells: "shares nothing with a Service without ports",
    data: SHARE,
    services: [["a/a", auto, "10.0.0.1"], ["a/b", { spec: { ports: [] } }, "10.0.0.2"], [
      "a/c",
      port(81),
      "10.0.0.1",
    ]],
  },
  {
    id: "X16",
    tells: "lets a namespace keep out of sharing",
    data: { ...SHARE, "allow-share-dev": "false" },
    services: [["prod/a", auto, "10.0.0.1"], ["dev/a", port(81), "10.0.0.2"], [
      "prod/b",
      port(81),
      "10.0.0.1",
    ]],
  },
  {
    id: "X22",
    tells: "goes through ranges by value",
    data: { "range-global": "10.0.0.5-10.0.0.6,10.0.0.1-10.0.0.2" },
    services: [["a/a", auto, "10.0.0.1"], ["a/b", auto, "10.0.0.2"], ["a/c", auto, "10.0.0.5"], [
      "a/d",
      auto,
      "10.0.0.6",
    ]],
  },
  {
    id: "X22",
    tells: "goes through ranges by value, downwards",
    data: { "range-global": "10.0.0.5-10.0.0.6,10.0.0.1-10.0.0.2", "search-order": "desc" },
    services: [["a/a", auto, "10.0.0.6"], ["a/b", auto, "10.0.0.5"], ["a/c", auto, "10.0.0.2"], [
      "a/d",
      auto,
      "10.0.0.1",
    ]],
  },
  {
    id: "X23",
    tells: "leaves everything to DHCP",
    data: { "cidr-global": "0.0.0.0/32" },
    services: [["a/a", auto, "0.0.0.0"], ["a/b", dual, "0.0.0.0"], [
      "a/c",
      { spec: { ipFamilyPolicy: "RequireDualStack" } },
      "0.0.0.0",
    ]],
  },
  {
    id: "X24",
    tells: "leaves IPv4 to DHCP and gives IPv6",
    data: { "cidr-global": "0.0.0.0/32,fd00::10/126" },
    services: [["a/a", dual, "0.0.0.0,fd00::10"], ["a/b", dual, "0.0.0.0,fd00::11"]],
  },
  {
    id: "X25",
    tells: "leaves IPv6 to DHCP, for every Service",
    data: { "cidr-global": "::/128" },
    services: [["a/a", { spec: { ipFamilies: ["IPv6"] } }, "::"], [
      "a/b",
      { spec: { ipFamilies: ["IPv6"] } },
      "::",
    ]],
  },
  {
    id: "X26",
    tells: "gives no address that ends in .0",
    data: { "cidr-global": "10.0.0.0/32" },
    services: [["a/a", auto, "exhausted"]],
  },
  {
    id: "X26",
    tells: "gives no address that ends in .255",
    data: { "range-global": "10.0.0.255-10.0.0.255" },
    services: [["a/a", auto, "exhausted"]],
  },
  {
    id: "X27",
    tells: "takes an empty key for none",
    data: { ...SLASH24, "cidr-dev": "" },
    services: [["dev/a", auto, "10.0.0.1"]],
  },
  {
    id: "X30",
    tells: "gives nothing twice to a namespace with the name global",
    data: SLASH24,
    services: [["dev/a", auto, "10.0.0.1"], ["global/a", auto, "10.0.0.2"]],
  },
  {
    id: "X31",
    tells: "gives both families to a dual-stack Service that lists one",
    data: { "cidr-global": "10.0.0.0/24,fd00::10/124" },
    services: [[
      "a/a",
      { spec: { ipFamilyPolicy: "PreferDualStack", ipFamilies: ["IPv6"] } },
      "fd00::10,10.0.0.1",
    ]],
  },
];

for (const { id, tells, data, services } of STORIES) {
  Deno.test(`${id} decideAddresses() ${tells}`, () => {
    const bed = new AddressBed(data);
    for (const [key, wish, wanted] of services) {
      assert.equal(bed.serve(key, wish).replace(/^([a-z]+-?[a-z]+): .*$/, "$1"), wanted, key);
    }
  });
}

Deno.test("X10 decideAddresses() says in the peer's words which pool is used up", () => {
  const bed = new AddressBed({ "range-global": "10.0.0.1-10.0.0.1" });
  bed.serve("dev/a");
  assert.match(
    bed.serve("dev/b"),
    /^exhausted: no addresses available in \[dev\] range \[10\.0\.0\.1-10\.0\.0\.1\]: add addresses to range-global/,
  );
});

Deno.test("X17 decideAddresses() skips the ends as soon as the setting changes", () => {
  const pool = { "cidr-global": "10.0.0.16/29" };
  const bed = new AddressBed(pool).use(["10.0.0.17"]);
  bed.configure({ ...pool, "skip-end-ips-in-cidr": "true" });
  assert.equal(bed.serve("a/a"), "10.0.0.18");
});

Deno.test("X18 decideAddresses() takes from the pool that counts now", () => {
  const bed = new AddressBed({ "cidr-dev": "10.1.0.0/24" });
  assert.equal(bed.serve("dev/a"), "10.1.0.1");
  bed.configure({ "range-dev": "10.2.0.1-10.2.0.9" });
  assert.equal(bed.serve("dev/b"), "10.2.0.1");
  bed.configure({ "cidr-dev": "10.1.0.0/24" });
  assert.equal(bed.serve("dev/c"), "10.1.0.2");
});

Deno.test("X19 decideAddresses() keeps an address that left its pool, and says so", () => {
  const bed = new AddressBed(SLASH24);
  bed.serve("a/a");
  bed.configure({ "cidr-global": "10.5.0.0/24" });
  const old = bed.decide("a/a");
  assert.ok(old.kind === "keep");
  assert.deepEqual([old.addresses, old.pool], [["10.0.0.1"], undefined]);
  assert.match(old.warnings[0] ?? "", /10\.0\.0\.1 lies outside every pool now and is kept/);
  assert.equal(bed.serve("a/b"), "10.5.0.1");
  assert.deepEqual(bed.ledger.strays(), [{ key: "a/a", address: "10.0.0.1" }]);
});

Deno.test("X20 a Service that needs no address any more frees it for the next", () => {
  const bed = new AddressBed({ "range-global": "10.0.0.1-10.0.0.1" });
  bed.serve("a/a");
  bed.ledger.settle("a/a", []);
  assert.equal(bed.serve("a/b"), "10.0.0.1");
});

Deno.test("X21 decideAddresses() gives a freed address to the next", () => {
  const bed = new AddressBed(SLASH24);
  for (const name of ["a", "b", "c", "d"]) bed.serve(`a/${name}`);
  bed.ledger.settle("a/b", []);
  assert.equal(bed.serve("a/e"), "10.0.0.2");
});

Deno.test("X28 decideAddresses() gives the same again to a stale copy of a Service", () => {
  const bed = new AddressBed(SLASH24);
  assert.equal(bed.serve("a/a"), "10.0.0.1");
  assert.equal(bed.decide("a/a").kind, "keep");
  assert.equal(bed.serve("a/a"), "10.0.0.1");
});

Deno.test("X29 decisions made at the same time never end in one address", () => {
  const bed = new AddressBed(SLASH24);
  const keys = Array.from({ length: 200 }, (_, i) => `a/s${i}`);
  let waiting: readonly string[] = keys;
  while (waiting.length > 0) {
    // ten workers decide on what they see, and only then commit
    const crew = waiting.slice(0, 10).map((key) => ({ key, decision: bed.decide(key) }));
    for (const { key, decision } of crew) {
      assert.ok(decision.kind === "take");
      bed.ledger.commit(key, decision.addresses, decision.use);
    }
    waiting = waiting.filter((key) => bed.ledger.held(key).length === 0);
  }
  assert.equal(new Set(keys.flatMap((key) => bed.ledger.held(key))).size, 200);
});
