import assert from "assert";
import { type PoolRow, poolsText } from "../../../lib/cli/pools_view.ts";

const nothing = { pools: [], pending: [], conflicts: [], outside: [], problems: [] };

Deno.test("poolsText() shows ranges and their use", () => {
  const row = { pool: "kind", clusters: ["kind"], nearlyFull: false };
  const pools: readonly PoolRow[] = [{
    ...row,
    range: "172.18.255.0-172.18.255.254",
    family: "IPv4",
    size: "255",
    used: 3,
    use: "automatic",
  }, {
    ...row,
    range: "fc00:f853:ccd:e793::-fc00:f853:ccd:e793:ffff:ffff:ffff:ffff",
    family: "IPv6",
    size: String(2n ** 64n),
    used: 0,
    use: "on request",
  }, {
    ...row,
    pool: "cidr-dev",
    range: "10.0.0.1-10.0.0.2,10.0.0.9-10.0.0.9",
    family: "IPv4",
    size: "3",
    used: 3,
    use: "automatic",
    nearlyFull: true,
  }, {
    ...row,
    pool: "pool-a",
    range: "10.1.0.1-10.1.0.99",
    family: "IPv4",
    size: "99",
    used: 98,
    use: "automatic",
    nearlyFull: true,
  }, { ...row, pool: "pool-b", range: "DHCP", family: "IPv4", use: "on request" }];
  assert.equal(
    poolsText({ ...nothing, pools }, "engine"),
    `POOL      RANGE                                   USED  SIZE  USE
kind      172.18.255.0-172.18.255.254             3     255   automatic
kind      fc00:f853:ccd:e793::-                   0     2^64  on request
          fc00:f853:ccd:e793:ffff:ffff:ffff:ffff
cidr-dev  10.0.0.1-10.0.0.2                       3     3     automatic, full
          10.0.0.9-10.0.0.9
pool-a    10.1.0.1-10.1.0.99                      98    99    automatic, nearly full
pool-b    DHCP                                    -     -     on request
`,
  );
});

Deno.test("poolsText() shows who waits, who clashes and what left its pool", () => {
  const text = poolsText({
    ...nothing,
    pending: [{ service: "default/web", reason: "pool is used up" }],
    conflicts: [{ address: "10.0.0.1", claimedBy: ["a/a", "b/b"] }],
    outside: ["a/c: 10.9.9.9"],
  }, "ConfigMap");
  assert.match(text, /\n\nPending:\n {2}default\/web: pool is used up\n/);
  assert.match(text, /\n\nConflicts:\n {2}10\.0\.0\.1: a\/a, b\/b\n/);
  assert.match(text, /\n\nOutside every pool, and kept:\n {2}a\/c: 10\.9\.9\.9\n$/);
});

Deno.test("poolsText() says when there is none", () => {
  assert.match(poolsText(nothing, "engine"), /^no pool: no cluster was found, .*berth doctor\n$/);
  assert.match(poolsText(nothing, "ConfigMap"), /^no pool: give the ConfigMap a key, .*prefix\n$/);
});
