import assert from "assert";
import { parsePoolConfig } from "../../../lib/pools/mod.ts";

const cases: readonly (readonly [string, readonly string[]])[] = [
  ["127.0.0.0/8", ["a loopback address"]],
  ["224.0.0.0/24", ["a multicast address"]],
  ["fe80::/64", ["a link-local address"]],
  ["169.0.0.0/8", ["a link-local address"]],
  ["255.255.255.0/24", ["the broadcast address"]],
  ["126.0.0.0-128.0.0.0,10.0.0.0/24,fe80::/64", ["a loopback address", "a link-local address"]],
  ["10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fd00::/8,2001:db8::/32", []],
  ["0.0.0.0/32,::/128", []],
];
for (const [text, kinds] of cases) {
  Deno.test(`poolSpecials() of ${text} are ${kinds.join(" and ") || "none"}`, () => {
    const { problems, config } = parsePoolConfig({ "cidr-a": text });
    assert.equal(config.pools.length, 1);
    assert.deepEqual(problems.map(({ severity }) => severity), kinds.map(() => "warning"));
    for (const [i, kind] of kinds.entries()) {
      assert.match(
        problems[i]?.message ?? "",
        new RegExp(`^cidr-a: \\S+ has ${kind}, which .*: take`),
      );
    }
  });
}

Deno.test("poolSpecials() says nothing of what is excluded", () => {
  const data = { "cidr-a": "169.254.0.0/15", "exclude-a": "169.254.0.0/16" };
  assert.deepEqual(parsePoolConfig(data).problems, []);
});
