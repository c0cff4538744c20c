import type { IpFamily } from "../../proxy/types.ts";
import { chainName, MASQUERADE_MARK } from "./names.ts";
import { commonValue, ipKeyword, slotMap, type SlotValues } from "./rule_text.ts";
import { type Exits, movedRules, spreadRules } from "./spread_rules.ts";
import type { ListenerRules, NodeFacts, PlacedListener } from "./types.ts";

/** A node and all nodes by name. */
export interface RulePlace {
  readonly node: NodeFacts;
  readonly nodes: ReadonlyMap<string, NodeFacts>;
}

/**
 * The rules of one listener on one node.
 *
 * - `spread` (ingress of the interface, before connection tracking): flows of endpoints behind other
 *   nodes leave for those nodes untouched;
 * - `moved`: flows older than a change of the slot table find their former node;
 * - `ranges`: who may open a connection;
 * - `serve`: destination NAT to the endpoint. Flows of far endpoints only get here where they could
 *   not be forwarded (fragments, no `fwd` in the kernel, from inside the cluster).
 */
export function listenerRules(placed: PlacedListener, place: RulePlace): ListenerRules {
  const { id, listener } = placed;
  const { node } = place;
  const exits = exitsOf(placed, place);
  const ranges = rangeRules(placed);
  return {
    id,
    address: listener.address,
    family: listener.family,
    element: `${listener.address} . ${listener.protocol.toLowerCase()} . ${listener.port}`,
    guard: guardVerdict(placed, ranges.length > 0),
    serve: serveRules(placed, node),
    ranges,
    spread: node.forwards ? spreadRules(placed, exits) : [],
    moved: node.forwards ? movedRules(placed, exits) : [],
  };
}

function exitsOf(placed: PlacedListener, { node, nodes }: RulePlace): Exits {
  const { slots, nodes: homes, listener, moved } = placed;
  const leave = (places: Iterable<readonly [number, string | undefined]>) =>
    new Map([...places].flatMap(([slot, name]) => {
      const home = name === undefined || name === node.name ? undefined : nodes.get(name);
      const via = forwardAddress(home, listener.family);
      return via === undefined ? [] : [[slot, via] as const];
    }));
  return {
    device: node.device,
    forward: leave(slots.map((endpoint, slot) => [slot, homes.get(endpoint)])),
    former: leave(moved.slots),
  };
}

function forwardAddress(home: NodeFacts | undefined, family: IpFamily): string | undefined {
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

const MARK = `meta mark set meta mark | ${MASQUERADE_MARK}`;

function serveRules(placed: PlacedListener, { name, device }: NodeFacts): readonly string[] {
  const { listener, slots, nodes: homes } = placed;
  const all = [...slots.entries()];
  const local = new Map(all.filter(([, endpoint]) => homes.get(endpoint) === name));
  const far = new Map(all.filter(([, endpoint]) => homes.get(endpoint) !== name));
  const rules: string[] = [];
  if (local.size > 0) {
    // a Pod may meet itself: without masquerade it would get answers from its own address
    const own = [...new Set([...local.values()].map((endpoint) => split(endpoint).address))].sort();
    const source = `${ipKeyword(listener.family)} saddr { ${own.join(", ")} }`;
    rules.push(`iifname != "${device}" ${source} ${MARK}`, destinationNat(placed, local));
  }
  if (far.size > 0) {
    // from inside the cluster, far Pods answer the client by themselves
    const isOutside = [...far.values()].every((endpoint) => homes.get(endpoint) === undefined);
    rules.push(isOutside ? MARK : `iifname "${device}" ${MARK}`, destinationNat(placed, far));
  }
  return rules;
}

function destinationNat(placed: PlacedListener, values: SlotValues): string {
  const { family, protocol } = placed.listener;
  const only = commonValue(placed, values);
  const target = only === undefined ? slotMap(placed, values) : literal(only, family);
  return `meta l4proto ${protocol.toLowerCase()} dnat ${ipKeyword(family)} to ${target}`;
}

/** `address:port`, as a constant NAT target is written. */
function literal(endpoint: string, family: IpFamily): string {
  const { address, port } = split(endpoint);
  return family === "IPv6" ? `[${address}]:${port}` : `${address}:${port}`;
}

function split(endpoint: string): { readonly address: string; readonly port: string } {
  const [address = "", port = ""] = endpoint.split(" . ");
  return { address, port };
}
