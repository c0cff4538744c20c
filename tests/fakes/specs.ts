import type { Endpoint, Listener, ProxySpec } from "../../lib/proxy/types.ts";

/** An endpoint on port 8080. */
export function endpointAt(address: string, node?: string): Endpoint {
  return { address, port: 8080, ...(node === undefined ? {} : { node }) };
}

/** A TCP listener on port 80 of 172.18.255.1 with one endpoint behind node `a`. */
export function listenerWith(part: Partial<Listener> = {}): Listener {
  return {
    address: "172.18.255.1",
    family: "IPv4",
    protocol: "TCP",
    port: 80,
    sourceRanges: [],
    closed: false,
    affinity: "none",
    endpoints: [endpointAt("10.244.1.2", "a")],
    ...part,
  };
}

/** The spec of `kind/default/web`; addresses follow from the listeners. */
export function specWith(part: Partial<ProxySpec> = {}): ProxySpec {
  const listeners = part.listeners ?? [listenerWith()];
  return {
    key: "kind/default/web",
    addresses: [...new Set(listeners.map(({ address }) => address))],
    announcers: ["a", "b", "c"],
    ...part,
    listeners,
  };
}
