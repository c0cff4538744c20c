import { collapseIPv6Number, IPv4, IPv6 } from "ip-num";
import { AppError } from "../core/mod.ts";
import type { IpFamily } from "../proxy/types.ts";

/** An IP address as a number; compare by family, then value. */
export interface Address {
  readonly family: IpFamily;
  readonly value: bigint;
}

const dottedQuad = /^(?:\d{1,3}\.){3}\d{1,3}$/;
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
  try {
    if (dottedQuad.test(text)) return { family: "IPv4", value: new IPv4(text).getValue() };
    if (ipv6Letters.test(text) && !text.includes(":::")) {
      return { family: "IPv6", value: new IPv6(text).getValue() };
    }
    return undefined;
  } catch {
    return undefined; // the library throws for what the letters alone cannot tell
  }
}

/** Canonical text: dotted decimal, or RFC 5952. */
export function formatAddress(address: Address): string {
  return address.family === "IPv4"
    ? IPv4.fromNumber(address.value).toString()
    : collapseIPv6Number(IPv6.fromBigInt(address.value).toString());
}

/** The canonical text of an address text, or undefined when it is none. */
export function canonicalAddress(text: string): string | undefined {
  const address = tryParseAddress(text);
  return address === undefined ? undefined : formatAddress(address);
}
