import type { IpFamily } from "../proxy/types.ts";
import { IntervalSet } from "./interval_set.ts";
import { countEnds, isEnd } from "./ranges.ts";
import type { Pool, PoolUsage } from "./types.ts";

/** What of a pool nobody has: its free intervals and their number, for each family. */
export class PoolSpace {
  readonly pool: Pool;
  readonly #free: Readonly<Record<IpFamily, IntervalSet>> = {
    IPv4: new IntervalSet(),
    IPv6: new IntervalSet(),
  };
  readonly #size: Record<IpFamily, bigint> = { IPv4: 0n, IPv6: 0n };
  readonly #used: Record<IpFamily, number> = { IPv4: 0, IPv6: 0 };

  constructor(pool: Pool) {
    this.pool = pool;
    for (const range of pool.ranges) {
      const { family, first, last } = range;
      this.#free[family].add(first, last);
      this.#size[family] += last - first + 1n - (pool.avoidEnds ? countEnds(range) : 0n);
    }
  }

  /** Size and use of one family. */
  usage(family: IpFamily): PoolUsage {
    return { pool: this.pool, family, size: this.#size[family], used: this.#used[family] };
  }

  /** Takes an address of the pool's ranges out. */
  take(family: IpFamily, value: bigint): void {
    if (this.#avoids(family, value)) return;
    this.#free[family].remove(value);
    this.#used[family]++;
  }

  /** Puts back what was taken. */
  release(family: IpFamily, value: bigint): void {
    if (this.#avoids(family, value)) return;
    this.#free[family].add(value);
    this.#used[family]--;
  }

  /** The first free address in the pool's order, undefined when the pool is used up. */
  pick(family: IpFamily): bigint | undefined {
    if (BigInt(this.#used[family]) >= this.#size[family]) return undefined;
    const free = this.#free[family];
    return this.pool.order === "ascending"
      ? this.#clean(family, () => free.first())
      : this.#clean(family, () => free.last());
  }

  /** The first free address in `from..to`. */
  next(family: IpFamily, from: bigint, to: bigint): bigint | undefined {
    const found = this.#clean(family, () => this.#free[family].next(from));
    return found !== undefined && found <= to ? found : undefined;
  }

  /** Addresses that are avoided leave the free intervals when they are met: each one once. */
  #clean(family: IpFamily, find: () => bigint | undefined): bigint | undefined {
    let found = find();
    while (found !== undefined && this.#avoids(family, found)) {
      this.#free[family].remove(found);
      found = find();
    }
    return found;
  }

  #avoids(family: IpFamily, value: bigint): boolean {
    return this.pool.avoidEnds && isEnd(family, value);
  }
}
