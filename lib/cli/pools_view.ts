import { textTable, wrap } from "./text_table.ts";

/** A range that addresses are taken from. */
export interface PoolRow {
  /** Engine network, or key of the ConfigMap. */
  readonly pool: string;
  /** Engine network that the addresses are of; absent for those of a ConfigMap. */
  readonly network?: string;
  readonly clusters: readonly string[];
  /** First and last address: `172.18.255.0-172.18.255.254`, joined by commas; or `DHCP`. */
  readonly range: string;
  readonly family: "IPv4" | "IPv6";
  /**
   * Number of addresses; a text in JSON too, as IPv6 ranges exceed what a number holds. Absent, as
   * `used`, where a DHCP server gives them.
   */
  readonly size?: string;
  readonly used?: number;
  /** `automatic`, or `on request`: taken only for a Service that names an address. */
  readonly use: "automatic" | "on request";
  /** Soon used up: time to add addresses. */
  readonly nearlyFull: boolean;
}

/** A Service without an address, and why. */
export interface PendingRow {
  /** `cluster/namespace/name`, or `namespace/name` where there is one cluster. */
  readonly service: string;
  readonly reason: string;
}

/** An address that several claim. */
export interface ConflictRow {
  readonly address: string;
  readonly claimedBy: readonly string[];
}

/** What `berth pools` shows. */
export interface PoolOverview {
  readonly pools: readonly PoolRow[];
  readonly pending: readonly PendingRow[];
  readonly conflicts: readonly ConflictRow[];
  /** Services whose address no pool has (any more); they keep it. */
  readonly outside: readonly string[];
  /** Clusters and pools that could not be read. */
  readonly problems: readonly string[];
}

/** Where pools come from, which says why there is none. */
export type PoolOrigin = "engine" | "ConfigMap";

const NO_POOL: Readonly<Record<PoolOrigin, string>> = {
  engine: "no pool: no cluster was found, or its network has no room: see berth doctor",
  ConfigMap: "no pool: give the ConfigMap a key, such as cidr-global with a prefix",
};

/** `berth pools` for people; long ranges take two lines. */
export function poolsText(overview: PoolOverview, origin: PoolOrigin): string {
  const { pools, pending, conflicts, outside } = overview;
  const lines = pools.length === 0 ? wrap(NO_POOL[origin], "") : poolTable(pools);
  return [
    ...lines,
    ...section("Pending:", pending.map(({ service, reason }) => `${service}: ${reason}`)),
    ...section(
      "Conflicts:",
      conflicts.map(({ address, claimedBy }) => `${address}: ${claimedBy.join(", ")}`),
    ),
    ...section("Outside every pool, and kept:", outside),
    "",
  ].join("\n");
}

function poolTable(pools: readonly PoolRow[]): readonly string[] {
  const rows = pools.flatMap((row) => {
    const { pool, range, used = "-", size = "-" } = row;
    const [first = "", ...more] = range.split(",").flatMap(lines);
    return [[pool, first, `${used}`, short(size), note(row)], ...more.map((line) => ["", line])];
  });
  return textTable([
    { title: "POOL", least: 8 },
    { title: "RANGE" },
    { title: "USED" },
    { title: "SIZE" },
    { title: "USE" },
  ], rows);
}

function note({ use, used, size, nearlyFull }: PoolRow): string {
  if (!nearlyFull) return use;
  return `${used}` === size ? `${use}, full` : `${use}, nearly full`;
}

function section(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  return ["", title, ...items.flatMap((item) => wrap(item, "  "))];
}

/** Characters of the longest IPv4 range. */
const LONGEST_RANGE = 31;

function lines(range: string): readonly string[] {
  if (range.length <= LONGEST_RANGE) return [range];
  const [first = "", last = ""] = range.split("-");
  return [`${first}-`, last];
}

/** Sizes that nobody counts, as powers of two. */
function short(size: string): string {
  return size.length <= 6 ? size : `2^${BigInt(size).toString(2).length - 1}`;
}
