import { familyBits, parseCidr } from "../net/mod.ts";
import type { IpFamily } from "../proxy/types.ts";
import { formatRange, mergeRanges } from "./ranges.ts";
import type { AddressRange, Pool } from "./types.ts";

/** What the engine says of one of its networks, as far as addresses go. */
export interface NetworkRanges {
  readonly name: string;
  /** CIDR texts, both families. */
  readonly subnets: readonly string[];
}

/**
 * Pools of an engine network. Each subnet gives three, in order of preference: the last 256
 * addresses, the rest of its last sixteenth, and the whole subnet for addresses that a Service asks
 * for. The engine itself hands addresses out from the bottom, so the two do not meet.
 */
export function networkPools(network: NetworkRanges): readonly Pool[] {
  return network.subnets.flatMap((subnet) => subnetPools(network.name, subnet));
}

/** A pool as people write it: `172.18.255.0-172.18.255.254`. */
export function describePool(pool: Pool): string {
  return pool.ranges.map(formatRange).join(",");
}

/** What the pools of a family cover together, as people write it. */
export function coveredBy(pools: readonly Pool[], family: IpFamily): string {
  const ranges = pools.flatMap((pool) => pool.ranges).filter((range) => range.family === family);
  return mergeRanges(ranges).map(formatRange).join(", ") || "none";
}

/** A pool for every Service, of ranges that are known already. */
export function plainPool(
  name: string,
  ranges: readonly AddressRange[],
  options: { readonly auto?: boolean } = {},
): Pool {
  return {
    name,
    text: ranges.map(formatRange).join(","),
    ranges,
    auto: options.auto ?? true,
    order: "ascending",
    avoidEnds: false,
    dhcp: [],
    scope: { kind: "global" },
    interface: undefined,
  };
}

function subnetPools(name: string, subnet: string): readonly Pool[] {
  const { family, first, last, prefix } = parseCidr(subnet);
  // an IPv6 subnet may be far too wide to matter: its last 2^16 addresses are plenty
  const hostBits = Math.min(familyBits(family) - prefix, 16);
  if (hostBits < 3) return [];
  const end = family === "IPv4" ? last - 1n : last; // the broadcast address
  const start = family === "IPv4" ? first + 1n : first;
  const near = last + 1n - (1n << BigInt(Math.min(8, hostBits - 1)));
  const far = last + 1n - (1n << BigInt(Math.max(hostBits - 4, Math.min(8, hostBits - 1))));
  const pools = [plainPool(name, [{ family, first: near, last: end }])];
  if (far < near) pools.push(plainPool(name, [{ family, first: far, last: near - 1n }]));
  return [...pools, plainPool(name, [{ family, first: start, last: end }], { auto: false })];
}
