import assert from "assert";
import { vipList } from "../../../lib/keepalived/vip_list.ts";

Deno.test("KKV-entries: vipList() reads entries in the order of their addresses", () => {
  const { vips, problems } = vipList({
    "10.0.0.10": "default/b:DR",
    "fd00--1": "default/six",
    "10.0.0.9": "default/a",
    "10.0.0.100": "",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(vips, [
    { address: "10.0.0.9", family: "IPv4", service: "default/a", method: "NAT" },
    { address: "10.0.0.10", family: "IPv4", service: "default/b", method: "DR" },
    { address: "10.0.0.100", family: "IPv4" },
    { address: "fd00::1", family: "IPv6", service: "default/six", method: "NAT" },
  ]);
});

Deno.test("KKV-bad-entry: vipList() tells each bad entry and keeps the good ones", () => {
  const { vips, problems } = vipList({
    "web": "default/web",
    "10.0.0.1": "default/a:AJAX",
    "10.0.0.2": "default/b",
    "fd00--2": "",
    "fd00-0-0-0-0-0-0-2": "",
  });
  assert.deepEqual(vips.map(({ address }) => address), ["10.0.0.2", "fd00::2"]);
  assert.deepEqual(
    problems,
    [
      'entry 10.0.0.1: method "AJAX" of "default/a:AJAX" is not NAT, DR or PROXY',
      "entry fd00-0-0-0-0-0-0-2 repeats fd00::2: remove one of the two",
      'entry "web" is no address: name it like 10.0.0.10 or fd00--10',
    ],
  );
});

Deno.test("contrib-2819: vipList() of no entries is empty, not an error", () => {
  assert.deepEqual(vipList({}), { vips: [], problems: [] });
});
