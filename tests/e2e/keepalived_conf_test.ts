import assert from "assert";
import fc from "fast-check";
import { keepalivedConf, vipList } from "../../lib/keepalived/mod.ts";
import type { VirtualServer } from "../../lib/keepalived/mod.ts";
import { formatAddress } from "../../lib/net/mod.ts";
import { runAnyway } from "./bed/mod.ts";
import { clusterName } from "./scenario.ts";
import { VrrpLab } from "./vrrp_lab.ts";

const RUNS = 40;

const ipv4 = fc.bigInt(0x0A000000n, 0x0AFFFFFFn)
  .map((value) => formatAddress({ family: "IPv4", value }));
const ipv6 = fc.bigInt(0xFD00n << 112n, (0xFD01n << 112n) - 1n)
  .map((value) => formatAddress({ family: "IPv6", value }));
const port = fc.integer({ min: 1, max: 65_535 });

const vrrp = fc.record({
  iface: fc.constant("eth0"),
  vrid: fc.integer({ min: 1, max: 255 }),
  priority: fc.integer({ min: 1, max: 254 }),
  state: fc.constantFrom("BACKUP" as const, "MASTER" as const),
  advertInterval: fc.constantFrom(0.01, 0.1, 1, 2.5, 40),
});
const unicast = fc.record({
  sources: fc.constant(["10.99.0.11", "fd99::11"]),
  peers: fc.uniqueArray(fc.oneof(ipv4, ipv6), { maxLength: 4 }),
});

/** A server of one method; DR keeps the port. */
const server: fc.Arbitrary<VirtualServer> = fc.record({
  address: ipv4,
  port,
  protocol: fc.constantFrom("TCP" as const, "UDP" as const, "SCTP" as const),
  method: fc.constantFrom("NAT" as const, "DR" as const),
  backends: fc.uniqueArray(fc.record({ address: ipv4, port }), {
    minLength: 1,
    maxLength: 3,
    selector: ({ address }) => address,
  }),
}).map((one) => ({
  ...one,
  backends: one.method === "NAT"
    ? one.backends
    : one.backends.map((backend) => ({ ...backend, port: one.port })),
}));

Deno.test("KKV-conf-accepted: keepalived has nothing to say about any file that is rendered", async () => {
  await using lab = await VrrpLab.open(clusterName("conf"));
  const keepalived = await lab.keepalived("h1");
  const path = `${lab.folder}/keepalived.conf`;
  const input = fc.record({
    vips: fc.uniqueArray(fc.oneof(ipv4, ipv6), { maxLength: 6 }),
    servers: fc.uniqueArray(server, {
      maxLength: 4,
      selector: (one) => `${one.address} ${one.port} ${one.protocol}`,
    }),
    vrrp,
    unicast: fc.option(unicast, { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(input, async ({ vips, servers, vrrp, unicast }) => {
      const data = Object.fromEntries(vips.map((vip) => [vip.replaceAll(":", "-"), ""]));
      const options = unicast === undefined ? vrrp : { ...vrrp, unicast };
      const text = keepalivedConf({ vips: vipList(data).vips, servers, vrrp: options });
      await Deno.writeTextFile(path, text);
      const { code, stderr } = await runAnyway([keepalived, "-t", "-f", path]);
      assert.equal(code, 0, `${stderr}\n${text}`);
    }),
    { numRuns: RUNS },
  );
});
