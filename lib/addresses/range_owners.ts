import type { IpFamily } from "../proxy/types.ts";
import { FAMILIES } from "./ranges.ts";
import type { AddressRange } from "./types.ts";

/** From `first` on, up to the next segment, these owners cover every address. */
interface Segment<T> {
  readonly first: bigint;
  readonly owners: readonly T[];
}

/**
 * Finds whose ranges cover an address, in O(log n) of the ranges. Ranges may overlap.
 *
 * @example
 * ```ts
 * import { RangeOwners } from "./range_owners.ts";
 * const range = { family: "IPv4", first: 1n, last: 9n } as const;
 * const index = new RangeOwners([{ owner: "a", ranges: [range] }]);
 * if (index.at("IPv4", 9n)[0] !== "a" || index.at("IPv4", 10n).length > 0) throw new Error("1-9");
 * ```
 */
export class RangeOwners<T> {
  readonly #segments: Readonly<Record<IpFamily, readonly Segment<T>[]>>;

  constructor(items: readonly { readonly owner: T; readonly ranges: readonly AddressRange[] }[]) {
    const [IPv4 = [], IPv6 = []] = FAMILIES.map((family) => segments(items, family));
    this.#segments = { IPv4, IPv6 };
  }

  /** The owners of an address, in the order in which they were given. */
  at(family: IpFamily, value: bigint): readonly T[] {
    const all = this.#segments[family];
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((all[middle]?.first ?? value) <= value) low = middle + 1;
      else high = middle;
    }
    return all[low - 1]?.owners ?? [];
  }
}

/** One sweep over the ends of all ranges. */
function segments<T>(
  items: readonly { readonly owner: T; readonly ranges: readonly AddressRange[] }[],
  family: IpFamily,
): readonly Segment<T>[] {
  const ends = items.flatMap(({ ranges }, item) =>
    ranges.filter((range) => range.family === family).flatMap(({ first, last }) => [
      { at: first, item, step: 1 },
      { at: last + 1n, item, step: -1 },
    ])
  ).toSorted((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
  const open = new Map<number, number>();
  const found: Segment<T>[] = [];
  for (const [i, { at, item, step }] of ends.entries()) {
    const depth = (open.get(item) ?? 0) + step;
    if (depth === 0) open.delete(item);
    else open.set(item, depth);
    if (ends[i + 1]?.at === at) continue;
    const inside = [...open.keys()].toSorted((a, b) => a - b);
    found.push({ first: at, owners: inside.flatMap((n) => items[n]?.owner ?? []) });
  }
  return found;
}
