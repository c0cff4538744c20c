/** Bounds of the delays after failures, in milliseconds. */
export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** One second to five minutes. */
export const defaultBackoff: BackoffLimits = { firstMs: 1_000, maxMs: 300_000 };

/**
 * Delay before the next try after `failures` failures in a row (1 or more): doubles each time,
 * within ±20 % so that keys that failed together do not come back together.
 *
 * @example
 * ```ts
 * import { backoffMs, defaultBackoff } from "./backoff.ts";
 * if (backoffMs(3, defaultBackoff, 0.5) !== 4_000) throw new Error("not 4 s");
 * ```
 *
 * @param random a number in [0, 1): the place inside the ±20 %
 */
export function backoffMs(failures: number, limits: BackoffLimits, random: number): number {
  const base = limits.firstMs * 2 ** Math.min(failures - 1, 40);
  return Math.min(limits.maxMs, Math.round(base * (0.8 + 0.4 * random)));
}
