import { type Address, parseAddress } from "./address.ts";

/** A block of addresses that no Service is reached at from elsewhere. */
export interface SpecialRange {
  readonly family: Address["family"];
  readonly first: bigint;
  readonly last: bigint;
  /** What it is, with its article: `a loopback address`. */
  readonly kind: string;
}

/** RFC 6890 and RFC 5771: what a router does not forward to one host. Sorted by family. */
export const specialRanges: readonly SpecialRange[] = [
  block("127.0.0.0", "127.255.255.255", "a loopback address"),
  block("169.254.0.0", "169.254.255.255", "a link-local address"),
  block("224.0.0.0", "239.255.255.255", "a multicast address"),
  block("255.255.255.255", "255.255.255.255", "the broadcast address"),
  block("::1", "::1", "a loopback address"),
  block("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "a link-local address"),
  block("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "a multicast address"),
];

/** What kind of special address one is; undefined when a Service may be reached at it. */
export function specialKind({ family, value }: Address): string | undefined {
  return specialRanges.find((range) =>
    range.family === family && range.first <= value && value <= range.last
  )?.kind;
}

function block(from: string, to: string, kind: string): SpecialRange {
  const { family, value } = parseAddress(from);
  return { family, first: value, last: parseAddress(to).value, kind };
}
