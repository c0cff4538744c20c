import { formatAddress, formatCidr, parseCidr, tryParseAddress } from "../net/mod.ts";
import type { IpFamily } from "../proxy/types.ts";
import { clip } from "./clip.ts";
import { mergeRanges, withoutEnds } from "./ranges.ts";
import type { AddressRange, PoolProblem } from "./types.ts";

/** What the entries of a pool come to. */
export interface PoolEntries {
  /** Sorted, disjoint. */
  readonly ranges: readonly AddressRange[];
  /** Families that DHCP serves. */
  readonly dhcp: readonly IpFamily[];
  /** Everything wrong with the text, each entry on its own. */
  readonly problems: readonly PoolProblem[];
}

/** How a pool's text is read. */
export interface EntryOptions {
  /** ConfigMap key, for messages. */
  readonly key: string;
  /** First and last address of IPv4 prefixes are not given. */
  readonly skipEnds: boolean;
}

/** Entries that stand for "ask a DHCP server". */
const DHCP_ENTRIES: ReadonlyMap<string, IpFamily> = new Map([
  ["0.0.0.0/32", "IPv4"],
  ["::/128", "IPv6"],
]);

/**
 * Reads a comma separated list of prefixes (`10.0.0.0/24`) and ranges (`10.0.0.1-10.0.0.9`), both
 * families, spaces allowed. An entry that cannot be read spoils itself alone.
 *
 * @example
 * ```ts
 * import { parseEntries } from "./pool_entries.ts";
 * const { ranges, problems } = parseEntries("10.0.0.0/30, typo", { key: "cidr-global", skipEnds: false });
 * if (ranges.length !== 1 || problems[0]?.value !== "typo") throw new Error("one of each");
 * ```
 */
export function parseEntries(text: string, { key, skipEnds }: EntryOptions): PoolEntries {
  const entries = text.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "")
    .map((entry) => ({ entry, read: parseEntry(entry) }));
  const dhcp = new Set(entries.flatMap(({ read }) => "dhcp" in read ? [read.dhcp] : []));
  const pick = (kind: "prefix" | "range") =>
    entries.flatMap(({ read }) => "range" in read && read.kind === kind ? [read.range] : []);
  const prefixes = skipEnds ? withoutEnds(pick("prefix")) : pick("prefix");
  const ranges = withoutZero(mergeRanges([...prefixes, ...pick("range")]));
  const families = new Set(ranges.map(({ family }) => family));
  const problems = entries.flatMap(({ entry, read }) =>
    problemOf({ key, entry, read, lonely: "dhcp" in read && !families.has(read.dhcp) })
  );
  // beside real addresses of its family the stand-in for DHCP means nothing
  return { ranges, dhcp: [...dhcp].filter((family) => !families.has(family)), problems };
}

type Entry =
  | { readonly kind: "prefix" | "range"; readonly range: AddressRange; readonly note?: string }
  | { readonly dhcp: IpFamily }
  | { readonly wrong: string };

function parseEntry(entry: string): Entry {
  const dhcp = DHCP_ENTRIES.get(entry);
  if (dhcp !== undefined) return { dhcp };
  if (entry.includes("/")) return parsePrefix(entry);
  if (entry.includes("-")) return parseRange(entry);
  const address = tryParseAddress(entry);
  if (address === undefined) return { wrong: "write a prefix like 10.0.0.0/24 or a range a-b" };
  const bits = address.family === "IPv4" ? 32 : 128;
  return { wrong: `it is a single address: write ${formatAddress(address)}/${bits}` };
}

function parsePrefix(entry: string): Entry {
  const [address = "", prefix = "", ...more] = entry.split("/").map((part) => part.trim());
  const family = tryParseAddress(address)?.family;
  if (family === undefined || more.length > 0) {
    return { wrong: `"${clip(address)}" is no address: write it like 10.0.0.0/24` };
  }
  const bits = family === "IPv4" ? 32 : 128;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) {
    return { wrong: `the prefix length must be 1 to ${bits}: write it like ${address}/${bits}` };
  }
  if (Number(prefix) === 0) {
    return { wrong: "it is every address there is: name the block that is yours" };
  }
  const cidr = parseCidr(`${address}/${prefix}`);
  const { first, last } = cidr;
  if (last === 0n) return { dhcp: family };
  const text = formatCidr(cidr);
  const hostBits = tryParseAddress(address)?.value !== first;
  const note = hostBits ? `it has host bits and means ${text}: write that` : undefined;
  const range = { family, first, last };
  return note === undefined ? { kind: "prefix", range } : { kind: "prefix", range, note };
}

function parseRange(entry: string): Entry {
  const texts = entry.split("-").map((part) => part.trim());
  const [from, to] = texts.map(tryParseAddress);
  if (texts.length !== 2 || from === undefined || to === undefined) {
    const bad = texts.filter((text) => tryParseAddress(text) === undefined)[0] ?? "";
    const what = texts.length !== 2 ? "it has more than two ends" : `"${clip(bad)}" is none`;
    return { wrong: `a range needs two addresses, ${what}: write it like 10.0.0.1-10.0.0.9` };
  }
  if (from.family !== to.family) {
    return { wrong: "its ends are of two families: write one range for each" };
  }
  if (from.value > to.value) {
    return { wrong: `it runs backwards: write ${texts[1]}-${texts[0]}` };
  }
  if (from.value === 0n) {
    return {
      wrong: `it begins at ${texts[0]}, which nobody can have: for DHCP write ${dhcpOf(from)}`,
    };
  }
  return { kind: "range", range: { family: from.family, first: from.value, last: to.value } };
}

function dhcpOf({ family }: { readonly family: IpFamily }): string {
  return family === "IPv4" ? "0.0.0.0/32" : "::/128";
}

function problemOf(
  { key, entry, read, lonely }: {
    readonly key: string;
    readonly entry: string;
    readonly read: Entry;
    readonly lonely: boolean;
  },
): readonly PoolProblem[] {
  if ("wrong" in read) {
    const message = `${key}: entry "${clip(entry)}" is not used: ${read.wrong}`;
    return [{ severity: "error", key, value: entry, message }];
  }
  const note = "dhcp" in read
    ? lonely
      ? undefined
      : `it stands for DHCP and means nothing beside addresses: remove one of them`
    : read.note;
  if (note === undefined) return [];
  return [{ severity: "warning", key, value: entry, message: `${key}: entry "${entry}": ${note}` }];
}

/** Without `0.0.0.0` and `::`, which nobody can have: given, they would mean DHCP. */
function withoutZero(ranges: readonly AddressRange[]): readonly AddressRange[] {
  return ranges.map((range) => range.first === 0n ? { ...range, first: 1n } : range);
}
