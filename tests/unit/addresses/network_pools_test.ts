import assert from "assert";
import { describePool, networkPools } from "../../../lib/addresses/mod.ts";

const cases: readonly { readonly subnet: string; readonly pools: readonly string[] }[] = [
  {
    subnet: "172.18.0.0/16",
    pools: [
      "172.18.255.0-172.18.255.254",
      "172.18.240.0-172.18.254.255",
      "172.18.0.1-172.18.255.254",
    ],
  },
  {
    subnet: "192.168.5.0/24",
    pools: ["192.168.5.128-192.168.5.254", "192.168.5.1-192.168.5.254"],
  },
  { subnet: "192.168.5.0/29", pools: ["192.168.5.4-192.168.5.6", "192.168.5.1-192.168.5.6"] },
  { subnet: "192.168.5.0/30", pools: [] },
  {
    subnet: "fc00:f853:ccd:e793::/64",
    pools: [
      "fc00:f853:ccd:e793:ffff:ffff:ffff:ff00-fc00:f853:ccd:e793:ffff:ffff:ffff:ffff",
      "fc00:f853:ccd:e793:ffff:ffff:ffff:f000-fc00:f853:ccd:e793:ffff:ffff:ffff:feff",
      "fc00:f853:ccd:e793::-fc00:f853:ccd:e793:ffff:ffff:ffff:ffff",
    ],
  },
];
for (const { subnet, pools } of cases) {
  Deno.test(`networkPools() of ${subnet}`, () => {
    const found = networkPools({ name: "kind", subnets: [subnet] });
    assert.deepEqual(found.map(describePool), pools);
    assert.deepEqual(found.map((pool) => pool.auto), pools.map((_, i) => i < pools.length - 1));
  });
}
