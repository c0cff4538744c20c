import { textTable } from "./text_table.ts";

/** A range of addresses that a cluster may hand out. */
export interface PoolRow {
  readonly cluster: string;
  readonly network: string;
  /** First and last address: `172.18.255.0-172.18.255.127`. */
  readonly range: string;
  readonly family: "IPv4" | "IPv6";
  /** Number of addresses; a text in JSON too, as IPv6 ranges exceed what a number holds. */
  readonly size: string;
  readonly used: number;
}

/** `berth pools` for people. */
export function poolsText(pools: readonly PoolRow[]): string {
  if (pools.length === 0) return "no pool: no cluster was found on the network\n";
  const rows = pools.map((
    pool,
  ) => [pool.cluster, pool.network, pool.range, `${pool.used}`, pool.size]);
  return textTable([
    { title: "CLUSTER", least: 8 },
    { title: "NETWORK", least: 8 },
    { title: "RANGE", least: 24 },
    { title: "USED" },
    { title: "SIZE", least: 6 },
  ], rows).join("\n") + "\n";
}
