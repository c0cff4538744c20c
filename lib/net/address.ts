import { collapseIPv6Number, IPv6 } from "ip-num";
import { AppError } from "../core/mod.ts";
import type { IpFamily } from "../proxy/types.ts";

/** An IP address as a number; compare by family, then value. */
export interface Address {
  readonly family: IpFamily;
  readonly value: bigint;
}

const ipv6Letters = /^[0-9a-fA-F:]{2,39}$/;

/**
 * Reads an address strictly: dotted decimal without leading zeros, or RFC 4291 text without a zone.
 * Throws AppError `invalid` naming the text.
 *
 * @example
 * ```ts
 * import { formatAddress, parseAddress } from "./address.ts";
 * if (formatAddress(parseAddress("FC00:0:0::1")) !== "fc00::1") throw new Error("not canonical");
 * ```
 */
export function parseAddress(text: string): Address {
  const address = tryParseAddress(text);
  if (address === undefined) {
    throw new AppError(`"${text}" is not an IP address: write it like 172.18.255.1 or fc00::1`, {
      kind: "invalid",
    });
  }
  return address;
}

/** Like {@link parseAddress}, undefined for anything that is not an address. */
export function tryParseAddress(text: string): Address | undefined {
  const quad = readQuad(text);
  if (quad !== undefined) return { family: "IPv4", value: BigInt(quad) };
  try {
    const groups = withoutQuad(text);
    if (ipv6Letters.test(groups) && !groups.includes(":::")) {
      return { family: "IPv6", value: new IPv6(groups).getValue() };
    }
    return undefined;
  } catch {
    return undefined; // the library throws for what the letters alone cannot tell
  }
}

/** Canonical text: dotted decimal, or RFC 5952. */
export function formatAddress(address: Address): string {
  return address.family === "IPv4"
    ? writeQuad(Number(address.value))
    : collapseIPv6Number(IPv6.fromBigInt(address.value).toString());
}

/** The canonical text of an address text, or undefined when it is none. */
export function canonicalAddress(text: string): string | undefined {
  const address = tryParseAddress(text);
  return address === undefined ? undefined : formatAddress(address);
}

/** Reads dotted decimal; by hand, as an allocator reads and writes nothing more often. */
function readQuad(text: string): number | undefined {
  if (text.length > 15) return undefined;
  let value = 0;
  let part = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit === DOT) {
      if (part < 0 || ++dots > 3) return undefined;
      value = value * 256 + part;
      part = -1;
    } else if (digit >= 0 && digit <= 9 && part !== 0) {
      part = Math.max(part, 0) * 10 + digit;
      if (part > 255) return undefined;
    } else return undefined; // another letter, or a leading zero
  }
  return dots === 3 && part >= 0 ? value * 256 + part : undefined;
}

/** RFC 4291 2.2.3: the last two groups may be dotted decimal; here they are hexadecimal. */
function withoutQuad(text: string): string {
  const at = text.lastIndexOf(":") + 1;
  const quad = at > 0 && text.includes(".") ? readQuad(text.slice(at)) : undefined;
  if (quad === undefined) return text;
  return `${text.slice(0, at)}${(quad >>> 16).toString(16)}:${(quad & 0xffff).toString(16)}`;
}

/** Code of the letter 0, and what a dot is from there. */
const ZERO = 48;
const DOT = -2;

function writeQuad(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}
