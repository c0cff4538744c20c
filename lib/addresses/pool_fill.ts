import type { PoolUsage } from "./types.ts";

/** Percent of a pool from which on it counts as nearly full. */
const nearlyFullFrom = 90n;

/** True when a pool will be used up soon: time to add addresses before Services wait. */
export function isNearlyFull({ size, used }: Pick<PoolUsage, "size" | "used">): boolean {
  return size > 0n && BigInt(used) * 100n >= size * nearlyFullFrom;
}
