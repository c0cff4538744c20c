import assert from "assert";
import fc from "fast-check";
import { RangeOwners } from "../../../lib/addresses/range_owners.ts";
import type { AddressRange } from "../../../lib/addresses/types.ts";

Deno.test("RangeOwners finds every owner of an address, in order", () => {
  const range = fc.record({ owner: fc.nat(4), first: fc.nat(30), width: fc.nat(8) });
  fc.assert(fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
    const items = [0, 1, 2, 3, 4].map((owner) => ({
      owner,
      ranges: ranges.filter((one) => one.owner === owner).map(({ first, width }): AddressRange => ({
        family: "IPv4",
        first: BigInt(first),
        last: BigInt(first + width),
      })),
    }));
    const index = new RangeOwners(items);
    for (let at = 0; at < 42; at++) {
      const owners = items.filter((item) =>
        item.ranges.some(({ first, last }) => first <= at && BigInt(at) <= last)
      ).map(({ owner }) => owner);
      assert.deepEqual(index.at("IPv4", BigInt(at)), owners, `owners of ${at}`);
      assert.deepEqual(index.at("IPv6", BigInt(at)), []);
    }
  }));
});
