import assert from "assert";
import { confText } from "../../../lib/keepalived/conf_text.ts";
import type { Vip, VrrpOptions } from "../../../lib/keepalived/conf_types.ts";
import { vrrpBlocks } from "../../../lib/keepalived/vrrp_blocks.ts";

const options: VrrpOptions = {
  iface: "eth0",
  vrid: 50,
  priority: 100,
  state: "BACKUP",
  advertInterval: 1,
};
const four: Vip = { address: "10.0.0.1", family: "IPv4" };
const six: Vip = { address: "fd00::1", family: "IPv6" };
const text = (vips: readonly Vip[], change: Partial<VrrpOptions> = {}) =>
  confText(vrrpBlocks(vips, { ...options, ...change }));

Deno.test("KKV-conf: vrrpBlocks() of one VIP", () => {
  assert.equal(
    text([four]),
    `vrrp_instance berth_4 {
  state BACKUP
  interface eth0
  virtual_router_id 50
  priority 100
  nopreempt
  advert_int 1
  virtual_ipaddress {
    169.254.1.50/32 dev lo
  }
  virtual_ipaddress_excluded {
    10.0.0.1/32 dev eth0
  }
}
`,
  );
});

Deno.test("KKV-conf-same-list: what is advertised does not depend on the VIPs", () => {
  const advertised = (vips: readonly Vip[]) => /virtual_ipaddress \{[^}]*\}/.exec(text(vips))?.[0];
  assert.equal(advertised([]), advertised([four]));
});

Deno.test("KKV-conf-empty: without a VIP the election goes on", () => {
  assert.match(text([]), /vrrp_instance berth_4/);
  assert.doesNotMatch(text([]), /excluded|berth_6/);
});

Deno.test("KKV-conf-ipv6: IPv6 has an instance of its own that begins link-local", () => {
  const [, second = ""] = text([four, six]).split("vrrp_instance berth_6");
  assert.match(second, /virtual_ipaddress \{\n\s+fe80::be:32\/64 dev eth0\n\s+\}/);
  assert.match(second, /fd00::1\/128 dev eth0/);
  assert.doesNotMatch(second, /10\.0\.0\.1/);
});

Deno.test("KKV-conf-master: a node that is told to lead takes the lead back", () => {
  assert.doesNotMatch(text([four], { state: "MASTER" }), /nopreempt/);
});

Deno.test("KKV-conf-unicast: peers of the family, without this node", () => {
  const unicast = {
    sources: ["10.1.0.1", "fd01::1"],
    peers: ["10.1.0.1", "10.1.0.2", "fd01::2"],
  };
  const both = text([four, six], { unicast });
  assert.match(both, /unicast_src_ip 10\.1\.0\.1\n {2}unicast_peer \{\n {4}10\.1\.0\.2\n {2}\}/);
  assert.match(both, /unicast_src_ip fd01::1\n {2}unicast_peer \{\n {4}fd01::2\n {2}\}/);
  // a family without addresses of its own falls back to multicast
  const one = text([four, six], { unicast: { sources: ["10.1.0.1"], peers: ["10.1.0.2"] } });
  assert.equal(one.match(/unicast_peer/g)?.length, 1);
});
