import assert from "assert";
import fc from "fast-check";
import { cidrContains, familyBits, formatCidr, parseCidr } from "../../../lib/net/mod.ts";

Deno.test("parseCidr() clears host bits and spans the whole block", () => {
  const cidr = parseCidr("10.1.2.3/8");
  assert.equal(formatCidr(cidr), "10.0.0.0/8");
  assert.equal(cidr.last - cidr.first + 1n, 1n << 24n);
});

for (
  const text of ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "::/129", "10.0.0.0/8/8", "a/8", "/8"]
) {
  Deno.test(`parseCidr() refuses "${text}"`, () => {
    assert.throws(() => parseCidr(text), /is not a CIDR: write it like/);
  });
}

Deno.test("cidrContains() knows borders and families", () => {
  const cidr = parseCidr("172.18.0.0/16");
  const cases: readonly (readonly [string, boolean])[] = [
    ["172.18.0.0", true],
    ["172.18.255.255", true],
    ["172.17.255.255", false],
    ["172.19.0.0", false],
    ["::ac12:1", false],
    ["nonsense", false],
  ];
  for (const [address, inside] of cases) assert.equal(cidrContains(cidr, address), inside, address);
});

Deno.test("parseCidr() reads what formatCidr() writes", () => {
  fc.assert(fc.property(fc.bigInt(0n, (1n << 128n) - 1n), fc.nat(128), (value, prefix) => {
    const size = 1n << BigInt(familyBits("IPv6") - prefix);
    const first = value - value % size;
    const cidr = { family: "IPv6" as const, first, last: first + size - 1n, prefix };
    assert.deepEqual(parseCidr(formatCidr(cidr)), cidr);
  }));
});
