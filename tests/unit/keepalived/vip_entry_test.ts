import assert from "assert";
import fc from "fast-check";
import {
  addressOfKey,
  formatVipValue,
  keyOfAddress,
  parseVipValue,
} from "../../../lib/keepalived/vip_entry.ts";
import { formatAddress } from "../../../lib/net/mod.ts";

// what kube-keepalived-vip accepts, and the two things it should have refused or taken
const values: readonly { readonly text: string; readonly expected: unknown }[] = [
  { text: "echoheaders", expected: "bad" },
  { text: "echoheaders:NAT", expected: "bad" },
  { text: "default/echoheaders", expected: ["default/echoheaders", "NAT"] },
  { text: "default/echoheaders:NAT", expected: ["default/echoheaders", "NAT"] },
  { text: "default/echoheaders:DR", expected: ["default/echoheaders", "DR"] },
  { text: "default/echoheaders:PROXY", expected: ["default/echoheaders", "PROXY"] },
  { text: "default/echoheaders:AJAX", expected: "bad" },
  { text: "default/echoheaders:XNATX", expected: "bad" },
  { text: "default/echoheaders:nat", expected: ["default/echoheaders", "NAT"] },
  { text: "default/echoheaders:", expected: "bad" },
  { text: "a/b/c", expected: "bad" },
  { text: " default/web ", expected: ["default/web", "NAT"] },
  { text: "", expected: "address" },
];

for (const { text, expected } of values) {
  Deno.test(`KKV-value: parseVipValue() reads "${text}"`, () => {
    const value = parseVipValue(text);
    const found = value.kind === "service" ? [value.service, value.method] : value.kind;
    assert.deepEqual(found, expected);
  });
}

Deno.test("parseVipValue() quotes what it cannot read", () => {
  const value = parseVipValue("default/web:AJAX");
  assert.ok(value.kind === "bad");
  assert.match(value.problem, /method "AJAX" of "default\/web:AJAX" is not NAT, DR or PROXY/);
});

Deno.test("KCP-value: formatVipValue() adds the method only when there is one", () => {
  const record = { namespace: "ns", name: "web" };
  assert.equal(formatVipValue(record), "ns/web");
  assert.equal(formatVipValue({ ...record, method: "DR" }), "ns/web:DR");
  assert.equal(formatVipValue({ ...record, method: "" }), "ns/web");
});

Deno.test("KKV-ipv6-key: keyOfAddress() gives keys that a ConfigMap takes, and back", () => {
  const address = fc.oneof(
    fc.bigInt(0n, (1n << 32n) - 1n).map((value) => ({ family: "IPv4" as const, value })),
    fc.bigInt(0n, (1n << 128n) - 1n).map((value) => ({ family: "IPv6" as const, value })),
  ).map(formatAddress);
  fc.assert(fc.property(address, (text) => {
    assert.match(keyOfAddress(text), /^[-._a-zA-Z0-9]+$/);
    assert.equal(addressOfKey(keyOfAddress(text)), text);
  }));
});

for (const key of ["web", "a-b", "10.0.0", "10.0.0.256", "1-2-3", "", "10.0.0.1-10.0.0.2"]) {
  Deno.test(`addressOfKey() leaves "${key}" alone`, () => {
    assert.equal(addressOfKey(key), undefined);
  });
}
