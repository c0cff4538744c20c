import { AppError } from "../core/mod.ts";
import type { IpFamily } from "../proxy/types.ts";
import { type Address, formatAddress, tryParseAddress } from "./address.ts";

/** A block of addresses; `first` and `last` are inclusive. */
export interface Cidr {
  readonly family: IpFamily;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
}

/** Number of bits in an address of a family. */
export function familyBits(family: IpFamily): number {
  return family === "IPv4" ? 32 : 128;
}

/**
 * Reads `address/prefix`; host bits are allowed and cleared, as the Kubernetes API does for source
 * ranges. Throws AppError `invalid` naming the text.
 *
 * @example
 * ```ts
 * import { cidrContains, parseCidr } from "./cidr.ts";
 * if (!cidrContains(parseCidr("10.0.0.0/8"), "10.1.2.3")) throw new Error("not inside");
 * ```
 */
export function parseCidr(text: string): Cidr {
  const [, addressText = "", prefixText = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = tryParseAddress(addressText);
  const prefix = Number(prefixText);
  if (address === undefined || prefixText === "" || prefix > familyBits(address.family)) {
    throw new AppError(`"${text}" is not a CIDR: write it like 10.0.0.0/8 or fc00::/7`, {
      kind: "invalid",
    });
  }
  return block(address, prefix);
}

/** True when the address (text) lies in the block; false for text of another family or no address. */
export function cidrContains(cidr: Cidr, address: string): boolean {
  const parsed = tryParseAddress(address);
  return parsed !== undefined && parsed.family === cidr.family &&
    parsed.value >= cidr.first && parsed.value <= cidr.last;
}

/** Canonical text of a block. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress({ family: cidr.family, value: cidr.first })}/${cidr.prefix}`;
}

function block(address: Address, prefix: number): Cidr {
  const size = 1n << BigInt(familyBits(address.family) - prefix);
  const first = address.value - (address.value % size);
  return { family: address.family, first, last: first + size - 1n, prefix };
}
