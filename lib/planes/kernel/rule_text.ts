import type { IpFamily, Listener } from "../../proxy/types.ts";
import { HASH_SEED } from "./names.ts";
import type { PlacedListener, SlotTable } from "./types.ts";

/** Slot → what it stands for in a rule: an endpoint, a node's address, a verdict. */
export type SlotValues = ReadonlyMap<number, string>;

/** nftables' word for a family's header. */
export function ipKeyword(family: IpFamily): "ip" | "ip6" {
  return family === "IPv4" ? "ip" : "ip6";
}

/**
 * The slot of a packet's flow: a stateless hash of its source, the same on every node. The kernel
 * scales the hash to the number of slots (`reciprocal_scale`).
 */
export function slotHash(listener: Listener, slots: SlotTable): string {
  const source = `${ipKeyword(listener.family)} saddr`;
  const flow = listener.affinity === "client-ip"
    ? source
    : `${source} . ${listener.protocol.toLowerCase()} sport`;
  return `jhash ${flow} mod ${slots.length} seed ${HASH_SEED}`;
}

/** Elements of a map from slots. */
export function slotElements(values: SlotValues): string {
  return [...values].map(([slot, value]) => `${slot} : ${value}`).join(", ");
}

/** A lookup of the flow's slot. */
export function slotMap({ listener, slots }: PlacedListener, values: SlotValues): string {
  return `${slotHash(listener, slots)} map { ${slotElements(values)} }`;
}

/**
 * The one value that all slots have, which saves the lookup. While slots are moved there is none:
 * a restarted berth reads the table's size from the lookup.
 */
export function commonValue({ slots, moved }: PlacedListener, values: SlotValues) {
  const [first, ...others] = new Set(values.values());
  const isCommon = others.length === 0 && values.size === slots.length && moved.slots.size === 0;
  return isCommon ? first : undefined;
}
