import type { Backend, Listener, ProxySpec, RoutePort, RouteSpec } from "../../../proxy/types.ts";
import type { ConfigProblem } from "./types.ts";

/** Options of {@link serviceRoutes}. */
export interface ServiceRoutesOptions {
  /** Tells TCP backends who the client is. */
  readonly proxyProtocol?: "v1" | "v2";
}

/**
 * What a Service asks of a proxy, as routes. Listeners without endpoints, and those that nobody
 * may use, are left out: the kernel refuses then, as it does for the other planes.
 */
export function serviceRoutes(spec: ProxySpec, options: ServiceRoutesOptions = {}): RouteSpec {
  const open = spec.listeners.filter((listener) => isOpen(listener));
  return {
    key: spec.key,
    addresses: spec.addresses,
    ports: open.map(portOf).toSorted(byPort),
    backends: open.map((listener) => backendOf(listener, options)).toSorted(byName),
    certificates: [],
    authorities: [],
  };
}

/** What of a Service no proxy of this kind can carry. */
export function serviceProblems(spec: ProxySpec): readonly ConfigProblem[] {
  return spec.listeners.filter(({ protocol }) => protocol === "SCTP").map(({ port }) => ({
    port,
    message: `Envoy has no SCTP: choose the kernel plane for port ${port}`,
  }));
}

function isOpen({ closed, endpoints, protocol }: Listener): boolean {
  return !closed && endpoints.length > 0 && protocol !== "SCTP";
}

function nameOf({ protocol, port, address }: Listener): string {
  return `${protocol.toLowerCase()} ${port} ${address}`;
}

function portOf(listener: Listener): RoutePort {
  const { port, address, sourceRanges, affinity } = listener;
  const split = [{ weight: 1, to: { backend: nameOf(listener) } }];
  const common = { port, addresses: [address], sourceRanges };
  if (listener.protocol === "UDP") return { protocol: "UDP", ...common, affinity, split };
  const name = nameOf(listener);
  const serve = { kind: "tcp", affinity, split } as const;
  return { protocol: "TCP", ...common, chains: [{ name, serverNames: [], peek: false, serve }] };
}

function backendOf(listener: Listener, options: ServiceRoutesOptions): Backend {
  const { affinity, endpoints } = listener;
  const name = nameOf(listener);
  if (listener.protocol === "UDP") return { name, protocol: "udp", affinity, endpoints };
  return { name, protocol: "tcp", affinity, endpoints, ...options };
}

function byPort(a: RoutePort, b: RoutePort): number {
  return a.port - b.port || order(a.protocol, b.protocol) ||
    order(String(a.addresses), String(b.addresses));
}

function byName(a: Backend, b: Backend): number {
  return order(a.name, b.name);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
