import type { Endpoint, Listener } from "../../proxy/types.ts";
import { MOVED_MS, movedSlots, NOTHING_MOVED } from "./moved_slots.ts";
import { assignSlots, endpointId } from "./slots.ts";
import type { NodeFacts, PlacedListener, SlotTable } from "./types.ts";

/** What an earlier life left of a listener. */
export interface RecoveredSlots {
  readonly slots: SlotTable;
  /** Slot → address of the node that has its older flows. */
  readonly moved: ReadonlyMap<number, string>;
}

/** What a listener's place is decided by. */
export interface PlacementInput {
  readonly id: string;
  readonly listener: Listener;
  readonly before: PlacedListener | undefined;
  readonly recovered: RecoveredSlots | undefined;
  readonly nodes: ReadonlyMap<string, NodeFacts>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Gives a listener's endpoints on living nodes their slots. */
export function placeListener(input: PlacementInput): PlacedListener {
  const { id, listener, nodes, now } = input;
  const isAlive = (node: string) => nodes.get(node)?.health !== "down";
  const alive = listener.endpoints.filter(({ node }) => node === undefined || isAlive(node));
  const homes = homesOf(alive);
  const before = input.before ?? remembered(input);
  const placed = {
    id,
    listener,
    nodes: homes,
    slots: assignSlots({ previous: before.slots, homes: before.nodes, endpoints: alive }),
  };
  // flows without a handshake cannot be told old from new
  const hasFlows = listener.protocol === "TCP" && before.slots.length > 0;
  const moved = hasFlows ? movedSlots({ before, after: placed, isAlive, now }) : NOTHING_MOVED;
  return { ...placed, moved };
}

/** The listener as an earlier life placed it; endpoints that are gone since have no known node. */
function remembered(
  { listener, recovered, nodes, now }: PlacementInput,
): Pick<PlacedListener, "slots" | "nodes" | "moved"> {
  const homes = homesOf(listener.endpoints);
  if (recovered === undefined) return { slots: [], nodes: homes, moved: NOTHING_MOVED };
  const names = new Map(
    [...nodes.values()].flatMap(({ name, addresses }) =>
      Object.values(addresses).map((address) => [address, name] as const)
    ),
  );
  const moved = [...recovered.moved].flatMap(([slot, address]) => {
    const name = names.get(address);
    return name === undefined ? [] : [[slot, name] as const];
  });
  return {
    slots: recovered.slots,
    nodes: homes,
    moved: { slots: new Map(moved), until: now + MOVED_MS },
  };
}

function homesOf(endpoints: readonly Endpoint[]): ReadonlyMap<string, string> {
  return new Map(
    endpoints.flatMap((endpoint) =>
      endpoint.node === undefined ? [] : [[endpointId(endpoint), endpoint.node] as const]
    ),
  );
}
