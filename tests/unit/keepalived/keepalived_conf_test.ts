import assert from "assert";
import fc from "fast-check";
import { confHeader, keepalivedConf } from "../../../lib/keepalived/keepalived_conf.ts";
import { vipList } from "../../../lib/keepalived/vip_list.ts";

const vrrp = {
  iface: "eth0",
  vrid: 50,
  priority: 100,
  state: "BACKUP",
  advertInterval: 1,
} as const;

Deno.test("KKV-conf-complaints: what Debian's keepalived complains about is left out", () => {
  const { vips } = vipList({ "10.0.0.1": "default/a", "fd00--1": "" });
  const text = keepalivedConf({ vips, servers: [], vrrp });
  assert.ok(text.startsWith(`${confHeader}\nglobal_defs {\n  vrrp_version 3\n`));
  assert.doesNotMatch(text, /vrrp_iptables|track_interface|notify/);
});

Deno.test("KKV-conf-injection: no entry of the ConfigMap reaches the file as it is", () => {
  const entries = fc.dictionary(fc.string(), fc.string(), { maxKeys: 5 });
  fc.assert(fc.property(entries, (data) => {
    const { vips } = vipList({ ...data, "10.0.0.1": "default/a" });
    const text = keepalivedConf({ vips, servers: [], vrrp });
    const lines = text.split("\n").filter((line) => line.includes("/"));
    for (const line of lines) {
      assert.match(line, /^ {4}[0-9a-f.:]+\/\d+ dev (lo|eth0)$/);
    }
  }));
});
