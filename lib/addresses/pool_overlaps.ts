import { FAMILIES, formatRange } from "./ranges.ts";
import type { AddressRange, Pool, PoolProblem } from "./types.ts";

/**
 * Pools that have addresses in common: nothing breaks, as no address is given twice, but one pool
 * can use up the other. Each pool is told of one other, so that the report stays readable.
 */
export function poolOverlaps(pools: readonly Pool[]): readonly PoolProblem[] {
  const told = new Map<Pool, PoolProblem>();
  for (const family of FAMILIES) {
    const all = pools.flatMap((pool) =>
      pool.ranges.filter((range) => range.family === family).map((range) => ({ pool, range }))
    ).toSorted((a, b) =>
      a.range.first < b.range.first ? -1 : a.range.first > b.range.first ? 1 : 0
    );
    let widest = all[0];
    for (const item of all.slice(1)) {
      if (widest === undefined) break;
      if (item.range.first <= widest.range.last && item.pool !== widest.pool) {
        if (!told.has(item.pool)) told.set(item.pool, problem(item, widest.pool));
      }
      if (item.range.last > widest.range.last) widest = item;
    }
  }
  return [...told.values()];
}

function problem(
  { pool, range }: { readonly pool: Pool; readonly range: AddressRange },
  other: Pool,
): PoolProblem {
  const message = `${pool.name}: ${formatRange(range)} overlaps ${other.name}: ` +
    `no address is given twice, but make them disjoint unless both may use them`;
  return { severity: "warning", key: pool.name, value: pool.text, message };
}
