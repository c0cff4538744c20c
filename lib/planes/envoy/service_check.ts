import { parseCidr } from "../../net/mod.ts";
import type { ProxySpec } from "../../proxy/types.ts";
import type { ServiceRoutesOptions } from "./config/mod.ts";

/** Throws AppError `invalid` for a malformed source range. */
export function checkRanges({ listeners }: ProxySpec): void {
  for (const { sourceRanges } of listeners) for (const range of sourceRanges) parseCidr(range);
}

/** What a Service asks for beyond forwarding. */
export function proxyProtocolOf({ proxyProtocol }: ProxySpec): ServiceRoutesOptions {
  return proxyProtocol === undefined ? {} : { proxyProtocol };
}
