import assert from "assert";
import { entriesOf, familyPlan, poolFamilies } from "../../../lib/addresses/mod.ts";
import { parsePoolConfig } from "../../../lib/pools/mod.ts";
import type { FamilyPolicy } from "../../../lib/addresses/types.ts";
import type { IpFamily } from "../../../lib/proxy/types.ts";

const SPLITS: readonly (readonly [string, string, string])[] = [
  ["C1", "192.168.0.200/30", ""],
  ["C2", "192.168.0.200/30,192.168.1.200/30", ""],
  ["C3", "", "fe80::10/127"],
  ["C4", "", "fe80::10/127,fe80::fe/127"],
  ["C5", "192.168.0.200/30", "fe80::10/127"],
  ["C6", "192.168.0.200/30,192.168.1.200/30", "fe80::10/127,fe80::fe/127"],
  ["D1", "192.168.0.10-192.168.0.12", ""],
  ["D2", "192.168.0.10-192.168.0.12,192.168.0.100-192.168.0.120", ""],
  ["D3", "", "fe80::13-fe80::14"],
  ["D4", "", "fe80::13-fe80::14,fe80::130-fe80::140"],
  ["D5", "192.168.0.10-192.168.0.12", "fe80::13-fe80::14"],
  [
    "D6",
    "192.168.0.10-192.168.0.12,192.168.0.100-192.168.0.120",
    "fe80::13-fe80::14,fe80::130-fe80::140",
  ],
];

for (const [id, v4, v6] of SPLITS) {
  const text = [v4, v6].filter((part) => part !== "").join(",");
  Deno.test(`${id} entriesOf() splits ${text} by family`, () => {
    assert.equal(entriesOf(text, "IPv4"), v4);
    assert.equal(entriesOf(text, "IPv6"), v6);
    const families = [...v4 === "" ? [] : ["IPv4"], ...v6 === "" ? [] : ["IPv6"]];
    const [pool] = parsePoolConfig({ "cidr-global": text }).config.pools;
    assert.deepEqual(pool && poolFamilies(pool), families);
  });
}

const V4 = "10.0.0.0/24";
const V6 = "fd00::/64";
const PLANS: readonly (readonly [string, FamilyPolicy, readonly IpFamily[], string])[] = [
  [V4, "SingleStack", [], "IPv4 all"],
  [V6, "SingleStack", [], "IPv6 all"],
  [`${V4},${V6}`, "SingleStack", ["IPv6"], "IPv6 all"],
  [V4, "SingleStack", ["IPv6"], "none"],
  [`${V4},${V6}`, "PreferDualStack", [], "IPv4,IPv6 one"],
  [`${V4},${V6}`, "PreferDualStack", ["IPv6"], "IPv6,IPv4 primary"],
  [`${V4},${V6}`, "PreferDualStack", ["IPv4"], "IPv4,IPv6 primary"],
  [V6, "PreferDualStack", ["IPv4"], "none"],
  [V6, "PreferDualStack", ["IPv4", "IPv6"], "IPv6 one"],
  [`${V4},${V6}`, "RequireDualStack", ["IPv6", "IPv4"], "IPv6,IPv4 all"],
  [V4, "RequireDualStack", ["IPv4", "IPv6"], "none"],
  ["0.0.0.0/32", "RequireDualStack", ["IPv4", "IPv6"], "IPv4 all"],
  [`0.0.0.0/32,${V6}`, "RequireDualStack", ["IPv4", "IPv6"], "IPv4,IPv6 all"],
];

for (const [text, policy, families, expected] of PLANS) {
  Deno.test(`familyPlan() of ${policy} [${families}] in ${text}`, () => {
    const [pool] = parsePoolConfig({ "cidr-global": text }).config.pools;
    const plan = pool && familyPlan({ policy, families }, pool);
    assert.equal(plan === undefined ? "none" : `${plan.families} ${plan.need}`, expected);
  });
}
