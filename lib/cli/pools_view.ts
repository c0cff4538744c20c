import { textTable } from "./text_table.ts";

/** A range of an engine network that addresses are taken from. */
export interface PoolRow {
  readonly network: string;
  readonly clusters: readonly string[];
  /** First and last address: `172.18.255.0-172.18.255.254`. */
  readonly range: string;
  readonly family: "IPv4" | "IPv6";
  /** Number of addresses; a text in JSON too, as IPv6 ranges exceed what a number holds. */
  readonly size: string;
  readonly used: number;
  /** `automatic`, or `on request`: taken only for a Service that names an address. */
  readonly use: "automatic" | "on request";
}

/** `berth pools` for people; long ranges take two lines. */
export function poolsText(pools: readonly PoolRow[]): string {
  if (pools.length === 0) {
    return "no pool: no cluster was found, or its network has no room: see berth doctor\n";
  }
  const rows = pools.flatMap(({ network, range, used, size, use }) => {
    const [first = "", last] = range.length > LONGEST_RANGE ? range.split("-") : [range];
    const row = [network, last === undefined ? first : `${first}-`, `${used}`, short(size), use];
    return last === undefined ? [row] : [row, ["", last]];
  });
  return textTable([
    { title: "NETWORK", least: 8 },
    { title: "RANGE" },
    { title: "USED" },
    { title: "SIZE" },
    { title: "USE" },
  ], rows).join("\n") + "\n";
}

/** Characters of the longest IPv4 range. */
const LONGEST_RANGE = 31;

/** Sizes that nobody counts, as powers of two. */
function short(size: string): string {
  return size.length <= 6 ? size : `2^${BigInt(size).toString(2).length - 1}`;
}
