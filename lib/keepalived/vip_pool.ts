import { cidrPool, IntervalSet } from "../addresses/mod.ts";
import { AppError } from "../core/mod.ts";
import { formatAddress, tryParseAddress } from "../net/mod.ts";
import type { IpFamily } from "../proxy/types.ts";

/** The addresses that a service CIDR gives; both ends inclusive. */
export interface VipPool {
  /** The CIDR as written. */
  readonly cidr: string;
  readonly family: IpFamily;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * The usable addresses of a CIDR: all but the first and the last one, as keepalived-cloud-provider
 * counts, both families alike. A /31 gives both (RFC 3021) and a /32 its one, where the peer finds
 * none or panics. Throws AppError `invalid` for other text.
 */
export function vipPool(text: string): VipPool {
  const cidr = text.trim();
  const [range] = ranges(cidr);
  // every address there is belongs to nobody
  if (range === undefined || /\/0+$/.test(cidr)) throw unreadable(cidr);
  return { cidr, ...range };
}

/** The addresses of a pool that nobody has; every call is O(log n) in the ranges that are free. */
export class FreeAddresses {
  readonly #pool: VipPool;
  readonly #free = new IntervalSet();

  constructor(pool: VipPool) {
    this.#pool = pool;
    this.#free.add(pool.first, pool.last);
  }

  /** The lowest one. */
  lowest(): string | undefined {
    const value = this.#free.first();
    return value === undefined ? undefined : formatAddress({ family: this.#pool.family, value });
  }

  /** Somebody has it; an address outside the pool does not matter. */
  take(text: string): void {
    const value = valueIn(this.#pool, text);
    if (value !== undefined) this.#free.remove(value);
  }

  /** Nobody has it any more. */
  giveBack(text: string): void {
    const value = valueIn(this.#pool, text);
    if (value !== undefined) this.#free.add(value);
  }
}

/** True when an address (text) is one of a pool's. */
export function poolHolds(pool: VipPool, text: string): boolean {
  return valueIn(pool, text) !== undefined;
}

function valueIn({ family, first, last }: VipPool, text: string): bigint | undefined {
  const address = tryParseAddress(text);
  if (address === undefined || address.family !== family) return undefined;
  return first <= address.value && address.value <= last ? address.value : undefined;
}

function ranges(cidr: string) {
  try {
    return cidrPool(cidr).ranges;
  } catch (cause) {
    throw unreadable(cidr, cause);
  }
}

function unreadable(cidr: string, cause?: unknown): AppError {
  const message = `the service CIDR "${cidr}" cannot be read: write one prefix like ` +
    `10.210.38.0/24 into KEEPALIVED_SERVICE_CIDR or --service-cidr`;
  return new AppError(message, { kind: "invalid", cause });
}
