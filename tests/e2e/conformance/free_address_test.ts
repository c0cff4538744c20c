import assert from "assert";
import { freeAddress } from "./free_address.ts";

Deno.test("freeAddress() lies in the middle of the IPv4 subnet", () => {
  const cases: readonly (readonly [string[], string])[] = [
    [["172.18.0.0/16"], "172.18.128.1"],
    [["fc00:f853:ccd:e793::/64", "192.168.16.0/20"], "192.168.24.1"],
    [["10.0.0.16/28"], "10.0.0.25"],
  ];
  for (const [subnets, address] of cases) assert.equal(freeAddress(subnets), address);
});

Deno.test("freeAddress() says when there is no room", () => {
  assert.throws(() => freeAddress(["10.0.0.0/29"]), /10\.0\.0\.0\/29/);
  assert.throws(() => freeAddress(["fc00::/64"]), /no IPv4 subnet/);
  assert.throws(() => freeAddress([]), /none/);
});
