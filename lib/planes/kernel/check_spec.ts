import { AppError } from "../../core/mod.ts";
import { formatAddress, formatCidr, parseAddress, parseCidr } from "../../net/mod.ts";
import type { Listener, ProxySpec } from "../../proxy/types.ts";
import { listenerId } from "./names.ts";

/**
 * The spec in canonical form, with nothing in it that could mean something else to nftables.
 *
 * @throws AppError `invalid` naming the value.
 */
export function checkSpec(spec: ProxySpec): ProxySpec {
  return {
    ...spec,
    addresses: spec.addresses.map(canonical),
    listeners: spec.listeners.map((listener) => checkListener(spec.key, listener)),
  };
}

function checkListener(key: string, listener: Listener): Listener {
  const checked = {
    ...listener,
    address: canonical(listener.address),
    port: checkPort(listener.port),
    sourceRanges: listener.sourceRanges.map((range) => formatCidr(parseCidr(range))),
    endpoints: listener.endpoints.map((endpoint) => ({
      ...endpoint,
      address: canonical(endpoint.address),
      port: checkPort(endpoint.port),
    })),
  };
  listenerId(key, checked);
  return checked;
}

function canonical(address: string): string {
  return formatAddress(parseAddress(address));
}

function checkPort(port: number): number {
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new AppError(`port ${port} is none: use 1 to 65535`, { kind: "invalid" });
}
