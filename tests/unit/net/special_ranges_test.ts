import assert from "assert";
import { parseAddress, specialKind } from "../../../lib/net/mod.ts";

const cases = [
  ["127.0.0.1", "a loopback address"],
  ["::1", "a loopback address"],
  ["169.254.1.1", "a link-local address"],
  ["fe80::1", "a link-local address"],
  ["febf::1", "a link-local address"],
  ["224.0.0.1", "a multicast address"],
  ["239.255.255.255", "a multicast address"],
  ["ff02::1", "a multicast address"],
  ["255.255.255.255", "the broadcast address"],
  ["126.255.255.255", undefined],
  ["128.0.0.1", undefined],
  ["169.255.0.1", undefined],
  ["255.255.255.254", undefined],
  ["10.0.0.255", undefined],
  ["::2", undefined],
  ["fec0::1", undefined],
  ["fd00::1", undefined],
  // stand for DHCP
  ["0.0.0.0", undefined],
  ["::", undefined],
] as const;

for (const [text, kind] of cases) {
  Deno.test(`specialKind() of ${text} is ${kind}`, () => {
    assert.equal(specialKind(parseAddress(text)), kind);
  });
}
