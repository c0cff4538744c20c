import type { Pool } from "../../addresses/mod.ts";
import { type Gateway, requestedAddresses } from "../../gateway/mod.ts";
import { tryParseAddress } from "../../net/mod.ts";

/**
 * Addresses in a Gateway's status that it keeps: those it asks for, and those of the kind that berth
 * gives. Addresses of another program that served the class before were that program's.
 */
export function restorableAddresses(gateway: Gateway, pools: readonly Pool[]): readonly string[] {
  const asked = requestedAddresses(gateway);
  const shown = (gateway.status?.addresses ?? []).map(({ value }) => value);
  const given = givenAddresses(shown, pools);
  return shown.filter((text) => asked.includes(text) || given.includes(text));
}

/** Those of the addresses that berth may have given by itself. */
export function givenAddresses(
  addresses: readonly string[],
  pools: readonly Pool[],
): readonly string[] {
  const ranges = pools.flatMap((pool) => pool.auto ? pool.ranges : []);
  return addresses.filter((text) => {
    const address = tryParseAddress(text);
    return address !== undefined &&
      ranges.some(({ family, first, last }) =>
        family === address.family && first <= address.value && address.value <= last
      );
  });
}
