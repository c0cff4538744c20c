import { parseCidr } from "../../../net/mod.ts";
import type { JsonObject } from "./types.ts";

/** Envoy's form of CIDRs. @throws AppError `invalid` naming the text. */
export function cidrRanges(ranges: readonly string[]): readonly JsonObject[] {
  return ranges.map((text) => ({
    address_prefix: text.slice(0, text.indexOf("/")),
    prefix_len: parseCidr(text).prefix,
  }));
}
