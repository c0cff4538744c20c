import assert from "assert";
import { interfaceNote } from "../../../lib/ipam/mod.ts";
import { parsePoolConfig } from "../../../lib/pools/mod.ts";
import { lbService } from "../../fakes/kube_objects.ts";

const device = "kube-vip.io/serviceInterface";
const pools = (key: string, value: string) => ({ "cidr-global": "10.0.0.0/24", [key]: value });
const eth0 = pools("interface-ns", "eth0");

const cases: readonly (readonly [string, object, Record<string, string>, RegExp | undefined])[] = [
  [
    "another interface",
    { [device]: "eth0" },
    pools("interface-ns", "eth1"),
    /stays eth0, though the pool of 10\.0\.0\.1 names eth1 now: set it to eth1/,
  ],
  [
    "that of all namespaces",
    { [device]: "eth0" },
    pools("interface-global", "eth1"),
    /names eth1 now/,
  ],
  [
    "no interface any more",
    { [device]: "eth0" },
    { "cidr-global": "10.0.0.0/24" },
    /names no interface now: remove kube-vip/,
  ],
  ["the same", { [device]: "eth0" }, pools("interface-global", "eth0"), undefined],
  ["another one than its owner's", { [device]: "eth9" }, pools("interface-ns", "eth1"), undefined],
  ["what its owner wrote already", { [device]: "eth1" }, pools("interface-ns", "eth1"), undefined],
  ["other addresses", { [device]: "eth0" }, {
    "cidr-global": "10.5.0.0/24",
    "interface-ns": "eth1",
  }, undefined],
];
for (const [what, annotations, data, expected] of cases) {
  Deno.test(`interfaceNote() of a pool that names ${what}`, () => {
    const all = { "kube-vip.io/loadbalancerIPs": "10.0.0.1", ...annotations };
    const service = lbService({ metadata: { annotations: all } });
    const [before, now] = [eth0, data].map((one) => parsePoolConfig(one).config);
    assert.ok(before !== undefined && now !== undefined);
    const note = interfaceNote(service, before, now);
    if (expected === undefined) assert.equal(note, undefined);
    else assert.match(note?.message ?? "", expected);
  });
}

Deno.test("interfaceNote() tells who has none of a pool that names one now, DHCP as well", () => {
  for (const [address, pool] of [["10.0.0.1", "10.0.0.0/24"], ["0.0.0.0", "0.0.0.0/32"]] as const) {
    const service = lbService({
      metadata: { annotations: { "kube-vip.io/loadbalancerIPs": address } },
    });
    const { config: before } = parsePoolConfig({ "cidr-ns": pool });
    const { config: now } = parsePoolConfig({ "cidr-ns": pool, "interface-ns": "eth1" });
    assert.match(interfaceNote(service, before, now)?.message ?? "", /stays unset, .* eth1 now/);
  }
});
