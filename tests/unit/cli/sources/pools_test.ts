import assert from "assert";
import { networkPools } from "../../../../lib/addresses/mod.ts";
import { poolRow } from "../../../../lib/cli/sources/pools.ts";

const [near] = networkPools({ name: "kind", subnets: ["172.18.0.0/16"] });

Deno.test("poolRow() counts each address of the range once", () => {
  assert.ok(near);
  const used = ["172.18.255.0", "172.18.255.0", "172.18.255.9", "172.18.3.1", "fc00::1", "host"];
  assert.deepEqual(poolRow(near, { clusters: ["a", "b"], used }), {
    pool: "kind",
    clusters: ["a", "b"],
    range: "172.18.255.0-172.18.255.254",
    family: "IPv4",
    size: "255",
    used: 2,
    use: "automatic",
    nearlyFull: false,
  });
});
