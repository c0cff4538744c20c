import { cidrContains, parseCidr, tryParseAddress } from "../../net/mod.ts";
import type { Endpoint, RouteSpec } from "../../proxy/types.ts";
import type { PlaneNode } from "../types.ts";

/** Routing protocol number of our routes, so that people can tell them: `ip route show proto 187`. */
const PROTOCOL = 187;

/** Destination → the node's address that leads there. */
export type Routes = ReadonlyMap<string, string>;

/** Routes to Pods: prefixes of nodes, and single addresses of Pods that live elsewhere. */
export function wantedRoutes(
  nodes: readonly PlaneNode[],
  endpoints: Iterable<Endpoint>,
): Map<string, string> {
  const routes = new Map<string, string>();
  const byName = new Map(
    nodes.map((node) => [node.name, { node, ranges: (node.podCidrs ?? []).map(parseCidr) }]),
  );
  for (const node of nodes) {
    for (const prefix of node.podCidrs ?? []) {
      const via = gatewayOf(node, prefix);
      if (via !== undefined) routes.set(prefix, via);
    }
  }
  for (const { address, node: name } of endpoints) {
    const found = byName.get(name ?? "");
    if (found === undefined) continue;
    const { node, ranges } = found;
    if (ranges.some((range) => cidrContains(range, address))) continue;
    const via = gatewayOf(node, address);
    // a Pod in its node's own network has that node's address
    if (via === undefined || node.addresses?.includes(address)) continue;
    routes.set(`${address}/${isSix(address) ? 128 : 32}`, via);
  }
  return routes;
}

/** Routes that are kept for Pods that left. */
const MOST_LEAVERS = 100;

/** What {@link withLeavers} looks at besides the routes that are there. */
export interface NeededRoutes {
  readonly wanted: Routes;
  readonly nodes: readonly PlaneNode[];
  readonly endpoints: readonly Endpoint[];
}

/**
 * The wanted routes, behind those to single Pods that are endpoints no more: a Pod that ends has
 * requests to answer. They go with their node, or when there are too many, the oldest first.
 */
export function withLeavers(held: Routes, { wanted, nodes, endpoints }: NeededRoutes): Routes {
  const there = new Set(nodes.flatMap(({ addresses = [] }) => addresses));
  const used = new Set(endpoints.map(({ address }) => address));
  const leavers = [...held].filter(([to, via]) => {
    const pod = /^(.*)\/(?:32|128)$/.exec(to)?.[1];
    return pod !== undefined && !wanted.has(to) && !used.has(pod) && there.has(via);
  });
  return new Map([...leavers.slice(-MOST_LEAVERS), ...wanted]);
}

/** Lines for `ip -batch` that lead from one set of routes to another. */
export function routeChanges(
  held: Routes,
  wanted: Routes,
): { readonly add: readonly string[]; readonly drop: readonly string[] } {
  const add = [...wanted].filter(([to, via]) => held.get(to) !== via)
    .map(([to, via]) => `${family(to)} route replace ${to} via ${via} proto ${PROTOCOL}`);
  const drop = [...held].filter(([to]) => !wanted.has(to))
    .map(([to, via]) => `${family(to)} route del ${to} via ${via} proto ${PROTOCOL}`);
  return { add, drop };
}

/** Every endpoint of a spec, with repetitions. */
export function endpointsOf({ backends }: RouteSpec): readonly Endpoint[] {
  return backends.flatMap(({ endpoints }) => endpoints);
}

/** (address, protocol, port) that a spec takes. */
export function bindingsOf(spec: RouteSpec): readonly string[] {
  return spec.ports.flatMap(({ protocol, port, addresses }) =>
    (addresses ?? spec.addresses).map((address) => `${address} ${protocol}/${port}`)
  );
}

function gatewayOf({ addresses = [] }: PlaneNode, to: string): string | undefined {
  return addresses.find((address) =>
    tryParseAddress(address) !== undefined && isSix(address) === isSix(to)
  );
}

function family(to: string): string {
  return isSix(to) ? "-6" : "-4";
}

function isSix(text: string): boolean {
  return text.includes(":");
}
