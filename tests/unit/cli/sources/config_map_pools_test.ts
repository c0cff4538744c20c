import assert from "assert";
import { configMapOverview } from "../../../../lib/cli/sources/config_map_pools.ts";
import { wishService } from "../../../fakes/address_bed.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

Deno.test("configMapOverview() shows use, who waits, clashes and what left its pool", () => {
  const given = (key: string, ip: string) => ({
    ...wishService(key),
    status: { loadBalancer: { ingress: [{ ip }] } },
  });
  const overview = configMapOverview({
    data: { "range-dev": "10.0.0.1-10.0.0.1", "cidr-global": "10.1.0.0/24,fd00::/64,oops" },
    services: [
      given("dev/a", "10.0.0.1"),
      wishService("dev/b"),
      given("prod/a", "10.9.9.9"),
      given("prod/b", "10.1.0.1"),
      given("prod/c", "10.1.0.1"),
    ],
    namespaceLabels: new Map(),
    reserved: new Map([["10.1.0.7", "node one"]]),
    problems: [],
  }, fakeSettings("pools"));
  assert.deepEqual(
    overview.pools.map(({ pool, family, size, used, nearlyFull }) => [
      pool,
      family,
      size,
      used,
      nearlyFull,
    ]),
    [
      ["range-dev", "IPv4", "1", 1, true],
      ["cidr-global", "IPv4", "254", 2, false],
      ["cidr-global", "IPv6", String(1n << 64n), 0, false],
    ],
  );
  assert.deepEqual(overview.pending.map(({ service }) => service), ["dev/b", "prod/c"]);
  assert.match(overview.pending[0]?.reason ?? "", /no addresses available in \[dev\]/);
  assert.deepEqual(overview.conflicts, [{ address: "10.1.0.1", claimedBy: ["prod/b", "prod/c"] }]);
  assert.deepEqual(overview.outside, ["prod/a: 10.9.9.9"]);
  assert.equal(overview.problems.length, 1);
});

Deno.test("configMapOverview() has a row for what DHCP gives", () => {
  const overview = configMapOverview({
    data: { "cidr-global": "0.0.0.0/32", "pool-x": "{addresses: '::/128', autoAssign: false}" },
    services: [],
    namespaceLabels: new Map(),
    reserved: new Map(),
    problems: [],
  }, fakeSettings("pools"));
  const row = { clusters: [], range: "DHCP", nearlyFull: false };
  assert.deepEqual(overview.pools, [
    { ...row, pool: "cidr-global", family: "IPv4", use: "automatic" },
    { ...row, pool: "pool-x", family: "IPv6", use: "on request" },
  ]);
});
