import assert from "assert";
import fc from "fast-check";
import {
  formatIp,
  networkHolds,
  networkSize,
  parseIp,
  parseNetwork,
} from "../../../lib/embedded/ip_address.ts";

Deno.test("parseIp() reads what formatIp() writes", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (v4, number) => {
      const ip = v4
        ? { family: "IPv4", value: number & 0xffffffffn } as const
        : { family: "IPv6", value: number } as const;
      assert.deepEqual(parseIp(formatIp(ip)), ip);
    }),
  );
});

Deno.test("parseIp() reads every text that fast-check calls an address", () => {
  fc.assert(
    fc.property(
      fc.ipV4(),
      (text) => formatIp(parseIp(text) ?? { family: "IPv4", value: 0n }) === text,
    ),
  );
  fc.assert(fc.property(fc.ipV6(), (text) => parseIp(text)?.family === "IPv6"));
});

Deno.test.each([
  "1.2.3",
  "1.2.3.256",
  "01.2.3.4",
  "1.2.3.4.5",
  "",
  ":::",
  "1::2::3",
  "12345::",
  "g::",
  "1:2:3:4:5:6:7:8:9",
  "::1%eth0",
])(
  "parseIp() refuses %s",
  (text) => assert.equal(parseIp(text), undefined),
);

Deno.test.each(
  [
    ["::", "::"],
    ["0:0:1::", "0:0:1::"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["FD00::0001", "fd00::1"],
    ["::ffff:1.2.3.4", "::ffff:102:304"],
  ] as const,
)("formatIp() of $0 is $1", (text, expected) => {
  const ip = parseIp(text);
  assert.equal(ip && formatIp(ip), expected);
});

Deno.test("parseNetwork() clears host bits and knows its size", () => {
  const network = parseNetwork("10.1.2.3/24");
  assert.ok(network);
  assert.equal(networkSize(network), 256n);
  const inside = (text: string) => {
    const ip = parseIp(text);
    return ip !== undefined && networkHolds(network, ip);
  };
  assert.deepEqual(["10.1.2.0", "10.1.2.255", "10.1.3.0", "::1"].map(inside), [
    true,
    true,
    false,
    false,
  ]);
  assert.deepEqual(
    ["1.2.3.4", "1.2.3.4/33", "1.2.3.4/x", "1.2.3.4/1/2"].map(parseNetwork),
    Array(4).fill(undefined),
  );
});
