import type { MovedSlots, PlacedListener, SlotTable } from "./types.ts";

/** How long old flows of a moved slot find their node, in milliseconds. */
export const MOVED_MS = 3_600_000;

/** No slot has moved. */
export const NOTHING_MOVED: MovedSlots = { slots: new Map(), until: 0 };

/** What {@link movedSlots} compares. */
export interface SlotChange {
  readonly before: Pick<PlacedListener, "slots" | "nodes" | "moved">;
  readonly after: Pick<PlacedListener, "slots" | "nodes">;
  readonly isAlive: (node: string) => boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Slots whose established flows live on another node than their new ones. Where a slot moves again,
 * the first node counts: it has the oldest flows.
 */
export function movedSlots({ before, after, isAlive, now }: SlotChange): MovedSlots {
  const scale = after.slots.length / before.slots.length;
  const known = now < before.moved.until ? before.moved.slots : NOTHING_MOVED.slots;
  const slots = new Map<number, string>();
  let isNew = false;
  for (const [slot, endpoint] of after.slots.entries()) {
    const old = Math.floor(slot / scale);
    const home = known.get(old) ?? nodeOf(before, old);
    if (home === undefined || !isAlive(home) || home === after.nodes.get(endpoint)) continue;
    slots.set(slot, home);
    isNew ||= !known.has(old);
  }
  if (slots.size === 0) return NOTHING_MOVED;
  return { slots, until: isNew ? now + MOVED_MS : before.moved.until };
}

function nodeOf(
  { slots, nodes }: { readonly slots: SlotTable; readonly nodes: ReadonlyMap<string, string> },
  slot: number,
): string | undefined {
  const endpoint = slots[slot];
  return endpoint === undefined ? undefined : nodes.get(endpoint);
}
