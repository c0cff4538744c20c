import type { Pool } from "../../addresses/mod.ts";
import { type Gateway, requestedAddresses } from "../../gateway/mod.ts";
import { tryParseAddress } from "../../net/mod.ts";

/**
 * Addresses in a Gateway's status that it keeps: those it asks for, and those of the kind that berth
 * gives. Addresses of another program that served the class before were that program's.
 */
export function restorableAddresses(gateway: Gateway, pools: readonly Pool[]): readonly string[] {
  const asked = requestedAddresses(gateway);
  return (gateway.status?.addresses ?? []).map(({ value }) => value).filter((text) => {
    if (asked.includes(text)) return true;
    const address = tryParseAddress(text);
    return address !== undefined &&
      pools.some((pool) =>
        pool.auto &&
        pool.ranges.some(({ family, first, last }) =>
          family === address.family && first <= address.value && address.value <= last
        )
      );
  });
}
