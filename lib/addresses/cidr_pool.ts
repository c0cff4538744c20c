import { parseCidr } from "../net/mod.ts";
import { plainPool } from "./network_pools.ts";
import { noPools } from "./no_pools.ts";
import type { Pool, PoolConfig } from "./types.ts";

/**
 * The pool of one prefix without its first and last address, in both families; .0 and .255 inside
 * are given. A prefix of two addresses (RFC 3021, RFC 6164) or one is used whole.
 *
 * @throws AppError `invalid` for text that is no prefix.
 *
 * @example
 * ```ts
 * import { cidrPool, poolsOnly } from "./cidr_pool.ts";
 * const config = poolsOnly([cidrPool("10.210.38.64/26")]);
 * if (config.pools[0]?.ranges[0]?.first !== 0x0AD22641n) throw new Error("begins at .65");
 * ```
 */
export function cidrPool(text: string): Pool {
  const { family, first, last } = parseCidr(text.trim());
  const spare = last - first >= 2n ? 1n : 0n;
  const pool = plainPool(text.trim(), [{ family, first: first + spare, last: last - spare }]);
  return { ...pool, text: text.trim() };
}

/** A configuration of these pools and nothing else. */
export function poolsOnly(pools: readonly Pool[]): PoolConfig {
  return { ...noPools, pools };
}
