import assert from "assert";
import { poolOverlaps } from "../../../lib/addresses/pool_overlaps.ts";
import { parseEntries, plainPool } from "../../../lib/addresses/mod.ts";

function pool(name: string, text: string) {
  return plainPool(name, parseEntries(text, { key: name, skipEnds: false }).ranges);
}

const CASES:
  readonly (readonly [string, readonly (readonly [string, string])[], readonly string[]])[] = [
    ["none", [["a", "10.0.0.0/24"], ["b", "10.0.1.0/24"], ["c", "fd00::/64"]], []],
    ["one inside another", [["a", "10.0.0.0/16"], ["b", "10.0.9.0/24"]], ["b overlaps a"]],
    ["the ends", [["a", "10.0.0.1-10.0.0.9"], ["b", "10.0.0.9-10.0.0.20"]], ["b overlaps a"]],
    [
      "a wide one behind a narrow one",
      [["a", "10.0.0.0/8"], ["b", "10.0.0.0/24"], ["c", "10.200.0.0/24"]],
      ["b overlaps a", "c overlaps a"],
    ],
    ["many times, told once", [["a", "10.0.0.0/8"], ["b", "10.1.0.0/24,10.2.0.0/24"]], [
      "b overlaps a",
    ]],
  ];
for (const [name, pools, wanted] of CASES) {
  Deno.test(`poolOverlaps() of ${name}`, () => {
    const found = poolOverlaps(pools.map(([key, text]) => pool(key, text)));
    assert.deepEqual(
      found.map(({ message }) => message.replace(/^(\w+): \S+ (overlaps \w+):.*$/, "$1 $2")),
      wanted,
    );
    assert.ok(found.every(({ severity }) => severity === "warning"));
  });
}
