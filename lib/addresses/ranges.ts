import { type Address, familyBits, formatAddress } from "../net/mod.ts";
import type { IpFamily } from "../proxy/types.ts";
import { IntervalSet } from "./interval_set.ts";
import type { AddressRange } from "./types.ts";

/** The families, in the order in which ranges are sorted. */
export const FAMILIES: readonly IpFamily[] = ["IPv4", "IPv6"];

/** The union of ranges: sorted, disjoint, not touching. Order and overlaps do not matter. */
export function mergeRanges(ranges: readonly AddressRange[]): readonly AddressRange[] {
  return combine(ranges, []);
}

/** The ranges without what `holes` covers, merged. */
export function subtractRanges(
  ranges: readonly AddressRange[],
  holes: readonly AddressRange[],
): readonly AddressRange[] {
  return combine(ranges, holes);
}

/**
 * Removes the first and last address of every IPv4 block of /30 or wider, after adjacent blocks
 * melted: two adjacent /30 that make a /29 lose two addresses, not four. A /31 has no ends to
 * spare (RFC 3021), neither has a /32; IPv6 has no broadcast address.
 */
export function withoutEnds(ranges: readonly AddressRange[]): readonly AddressRange[] {
  return mergeRanges(
    mergeRanges(ranges).flatMap((range) => range.family === "IPv4" ? blocks(range) : [range])
      .map((block) =>
        block.family === "IPv4" && block.last - block.first >= 3n
          ? { ...block, first: block.first + 1n, last: block.last - 1n }
          : block
      ),
  );
}

/** The aligned power-of-two blocks that make up a range, in order. */
export function blocks(range: AddressRange): readonly AddressRange[] {
  const { family, last } = range;
  const found: AddressRange[] = [];
  for (let first = range.first; first <= last;) {
    let size = first === 0n ? 1n << BigInt(familyBits(family)) : first & -first;
    while (first + size - 1n > last) size >>= 1n;
    found.push({ family, first, last: first + size - 1n });
    first += size;
  }
  return found;
}

/** Number of addresses in a range that end in .0 or .255; 0 for IPv6. */
export function countEnds({ family, first, last }: AddressRange): bigint {
  if (family === "IPv6") return 0n;
  // up to n there are n / 256 + 1 that end in .0 and (n + 1) / 256 that end in .255
  const upTo = (n: bigint) => n < 0n ? 0n : n / 256n + 1n + (n + 1n) / 256n;
  return upTo(last) - upTo(first - 1n);
}

/** True for an IPv4 address that ends in .0 or .255, which some routers and stacks refuse. */
export function isEnd(family: IpFamily, value: bigint): boolean {
  if (family === "IPv6") return false;
  const octet = value & 255n;
  return octet === 0n || octet === 255n;
}

/** A range as people write it: `10.0.0.1-10.0.0.9`. */
export function formatRange({ family, first, last }: AddressRange): string {
  return `${formatAddress({ family, value: first })}-${formatAddress({ family, value: last })}`;
}

/** True when an address lies in ranges that are sorted and disjoint, as those of a pool are. */
export function rangesHave(ranges: readonly AddressRange[], address: Address): boolean {
  const rank = FAMILIES.indexOf(address.family);
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    const order = FAMILIES.indexOf(range.family) - rank;
    if (order < 0 || (order === 0 && range.last < address.value)) low = middle + 1;
    else if (order > 0 || range.first > address.value) high = middle;
    else return true;
  }
  return false;
}

/** True when the two have an address in common. */
export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

function combine(
  add: readonly AddressRange[],
  remove: readonly AddressRange[],
): readonly AddressRange[] {
  return FAMILIES.flatMap((family) => {
    const set = new IntervalSet();
    for (const range of add) if (range.family === family) set.add(range.first, range.last);
    for (const range of remove) if (range.family === family) set.remove(range.first, range.last);
    return [...set.intervals()].map(([first, last]) => ({ family, first, last }));
  });
}
