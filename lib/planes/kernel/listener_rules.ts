import type { IpFamily, Listener } from "../../proxy/types.ts";
import { chainName, HASH_SEED, MASQUERADE_MARK } from "./names.ts";
import type { ListenerRules, NodeFacts, PlacedListener } from "./types.ts";

/** All nodes by name. */
export type NodesByName = ReadonlyMap<string, NodeFacts>;

/**
 * The rules of one listener on one node.
 *
 * - `spread` (ingress of the interface, before connection tracking): flows of endpoints behind other
 *   nodes leave for those nodes untouched;
 * - `ranges`: who may open a connection;
 * - `serve`: destination NAT to the endpoint. Flows of far endpoints only get here where they could
 *   not be forwarded (fragments, no `fwd` in the kernel, from inside the cluster).
 */
export function listenerRules(
  placed: PlacedListener,
  { node, nodes }: { readonly node: NodeFacts; readonly nodes: NodesByName },
): ListenerRules {
  const { id, listener } = placed;
  const shares = sharesOf(placed, { node, nodes });
  const ranges = rangeRules(placed);
  return {
    id,
    address: listener.address,
    family: listener.family,
    element: `${listener.address} . ${listener.protocol.toLowerCase()} . ${listener.port}`,
    guard: guardVerdict(placed, ranges.length > 0),
    serve: serveRules(placed, shares),
    ranges,
    spread: node.forwards ? spreadRules(placed, { device: node.device, shares }) : [],
  };
}

/** Slots by what this node does with them: slot → endpoint, or slot → address of its node. */
interface Shares {
  readonly local: ReadonlyMap<number, string>;
  readonly far: ReadonlyMap<number, string>;
  readonly forward: ReadonlyMap<number, string>;
  readonly device: string;
}

function sharesOf(
  { slots, nodes: homes, listener }: PlacedListener,
  { node, nodes }: { readonly node: NodeFacts; readonly nodes: NodesByName },
): Shares {
  const local = new Map<number, string>();
  const far = new Map<number, string>();
  const forward = new Map<number, string>();
  for (const [slot, endpoint] of slots.entries()) {
    const home = homes.get(endpoint);
    (home === node.name ? local : far).set(slot, endpoint);
    const via = home === node.name ? undefined : forwardAddress(nodes, home, listener.family);
    if (via !== undefined) forward.set(slot, via);
  }
  return { local, far, forward, device: node.device };
}

function forwardAddress(
  nodes: NodesByName,
  name: string | undefined,
  family: IpFamily,
): string | undefined {
  const home = name === undefined ? undefined : nodes.get(name);
  const takesRules = home?.health === "ready" || home?.health === "opening";
  return takesRules ? home.addresses[family] : undefined;
}

function guardVerdict({ id, listener, slots }: PlacedListener, hasRanges: boolean): string {
  if (listener.closed) return "drop";
  if (hasRanges) return `goto ${chainName("ranges", id)}`;
  return slots.length === 0 ? "goto refuse" : "accept";
}

function rangeRules({ listener, slots }: PlacedListener): readonly string[] {
  if (listener.closed || listener.sourceRanges.length === 0) return [];
  const source = `${ipKeyword(listener.family)} saddr`;
  const ranges = [...listener.sourceRanges].sort().join(", ");
  const verdict = slots.length === 0 ? "goto refuse" : "accept";
  return [`${source} { ${ranges} } ${verdict}`, "drop"];
}

function serveRules(
  { listener, slots, nodes: homes }: PlacedListener,
  { local, far, device }: Shares,
): readonly string[] {
  const rules: string[] = [];
  const own = localAddresses(local);
  // a Pod may meet itself: without masquerade it would get answers from its own address
  if (own.length > 0) {
    rules.push(
      `iifname != "${device}" ${ipKeyword(listener.family)} saddr { ${own.join(", ")} } ${MARK}`,
    );
  }
  if (local.size > 0) rules.push(destinationNat(listener, { slots, chosen: local }));
  // from inside the cluster, far Pods answer the client by themselves
  const outside = [...far.values()].every((endpoint) => homes.get(endpoint) === undefined);
  if (far.size > 0) {
    rules.push(outside ? MARK : `iifname "${device}" ${MARK}`);
    rules.push(destinationNat(listener, { slots, chosen: far }));
  }
  return rules;
}

const MARK = `meta mark set meta mark | ${MASQUERADE_MARK}`;

function localAddresses(local: ReadonlyMap<number, string>): readonly string[] {
  return [...new Set([...local.values()].map((endpoint) => endpoint.split(" ")[0] ?? ""))].sort();
}

interface Choice {
  readonly slots: readonly string[];
  readonly chosen: ReadonlyMap<number, string>;
}

function destinationNat(listener: Listener, choice: Choice): string {
  const target = pick(listener, choice, true);
  return `meta l4proto ${listener.protocol.toLowerCase()} dnat ${
    ipKeyword(listener.family)
  } to ${target}`;
}

function spreadRules(
  { listener, slots }: PlacedListener,
  { device, shares }: { readonly device: string; readonly shares: Shares },
): readonly string[] {
  if (shares.forward.size === 0) return [];
  const target = pick(listener, { slots, chosen: shares.forward }, false);
  return [`fwd ${ipKeyword(listener.family)} to ${target} device "${device}"`];
}

/** A constant where every slot says the same, else the flow's slot looked up in a map. */
function pick(listener: Listener, { slots, chosen }: Choice, isEndpoint: boolean): string {
  const values = new Set(chosen.values());
  const [only] = values;
  if (values.size === 1 && chosen.size === slots.length && only !== undefined) {
    return isEndpoint ? literal(only, listener.family) : only;
  }
  const elements = [...chosen].map(([slot, value]) => `${slot} : ${value}`).join(", ");
  return `jhash ${flow(listener)} mod ${slots.length} seed ${HASH_SEED} map { ${elements} }`;
}

/** `address . port` → `address:port`, as a constant NAT target is written. */
function literal(endpoint: string, family: IpFamily): string {
  const [address, port] = endpoint.split(" . ");
  return family === "IPv6" ? `[${address}]:${port}` : `${address}:${port}`;
}

function flow({ family, protocol, affinity }: Listener): string {
  const source = `${ipKeyword(family)} saddr`;
  return affinity === "client-ip" ? source : `${source} . ${protocol.toLowerCase()} sport`;
}

function ipKeyword(family: IpFamily): "ip" | "ip6" {
  return family === "IPv4" ? "ip" : "ip6";
}
