import assert from "assert";
import fc from "fast-check";
import {
  canonicalAddress,
  formatAddress,
  parseAddress,
  tryParseAddress,
} from "../../../lib/net/mod.ts";

const accepted: readonly (readonly [string, string])[] = [
  ["0.0.0.0", "0.0.0.0"],
  ["172.18.255.1", "172.18.255.1"],
  ["::", "::"],
  ["::1", "::1"],
  ["FC00:F853:ccd:E793::1", "fc00:f853:ccd:e793::1"],
  ["fe80:0:0:0:0:0:0:1", "fe80::1"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
  ["::ffff:10.0.0.1", "::ffff:a00:1"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
];
for (const [text, canonical] of accepted) {
  Deno.test(`parseAddress() reads ${text}`, () => {
    assert.equal(formatAddress(parseAddress(text)), canonical);
  });
}

const refused = [
  "",
  "1.2.3",
  "1..2.3",
  "0x1.1.1.1",
  "01.2.3.4",
  "1.2.3.256",
  "1.2.3.4 ",
  "1x::1",
  ":::",
  "1:::2",
  "::1%eth0",
  "1::2::3",
  "12345::",
  "1.2.3.4/32",
  "localhost",
  "::ffff:10.0.0.256",
  "10.0.0.1::",
  "1:2:3:4:5:6:7:10.0.0.1",
];
for (const text of refused) {
  Deno.test(`tryParseAddress() refuses "${text}"`, () => {
    assert.equal(tryParseAddress(text), undefined);
    assert.throws(() => parseAddress(text), /is not an IP address: write it like/);
  });
}

Deno.test("formatAddress() and parseAddress() are inverse for both families", () => {
  fc.assert(fc.property(fc.bigInt(0n, (1n << 128n) - 1n), (value) => {
    for (const family of ["IPv4", "IPv6"] as const) {
      const address = { family, value: family === "IPv4" ? value >> 96n : value };
      assert.deepEqual(parseAddress(formatAddress(address)), address);
    }
  }));
});

Deno.test("canonicalAddress() is idempotent and undefined for other text", () => {
  assert.equal(canonicalAddress("FC00::0001"), "fc00::1");
  assert.equal(canonicalAddress("nonsense"), undefined);
});
