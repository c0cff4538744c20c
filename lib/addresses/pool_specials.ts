import { specialRanges } from "../net/mod.ts";
import { formatRange } from "./ranges.ts";
import type { Pool, PoolProblem } from "./types.ts";

/** Pools with addresses that no client elsewhere reaches: given all the same, as the peer does. */
export function poolSpecials(pools: readonly Pool[]): readonly PoolProblem[] {
  return pools.flatMap((pool) =>
    specialRanges.flatMap(({ family, first, last, kind }) => {
      const range = pool.ranges.find((one) =>
        one.family === family && one.first <= last && first <= one.last
      );
      if (range === undefined) return [];
      const message = `${pool.name}: ${formatRange(range)} has ${kind}, which no client ` +
        `elsewhere reaches: take it out or exclude it`;
      return { severity: "warning", key: pool.name, value: pool.text, message };
    })
  );
}
