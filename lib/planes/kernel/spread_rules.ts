import { chainName } from "./names.ts";
import {
  commonValue,
  ipKeyword,
  slotElements,
  slotHash,
  slotMap,
  type SlotValues,
} from "./rule_text.ts";
import type { PlacedListener } from "./types.ts";

/** Seconds that a flow is remembered after its end began: the other half may go on for a while. */
const CLOSING_S = 60;

/** Where flows of other nodes' slots leave. */
export interface Exits {
  readonly device: string;
  /** Slot → address of the node that serves it, for slots of other nodes. */
  readonly forward: SlotValues;
  /** Moved slot → address of the node that has its older flows, where that is another node. */
  readonly former: SlotValues;
}

/** Rules at ingress: flows of endpoints behind other nodes leave for those nodes untouched. */
export function spreadRules(placed: PlacedListener, exits: Exits): readonly string[] {
  const { id, listener, slots, moved } = placed;
  const rules: string[] = [];
  if (moved.slots.size > 0) {
    const verdict = `jump ${chainName("moved", id)}`;
    const elements = slotElements(new Map([...moved.slots.keys()].map((slot) => [slot, verdict])));
    rules.push(`${slotHash(listener, slots)} vmap { ${elements} }`);
  }
  if (exits.forward.size > 0) rules.push(forwardTo(placed, exits, exits.forward));
  return rules;
}

/**
 * Rules of moved slots: flows that began before go on to where they were, since only that node's
 * connection tracking knows them. New ones are remembered by their first packet; `return` leads on
 * to the slot table.
 */
export function movedRules(placed: PlacedListener, exits: Exits): readonly string[] {
  const { listener, moved } = placed;
  if (moved.slots.size === 0) return [];
  const ip = ipKeyword(listener.family);
  const key = `${ip} daddr . tcp dport . ${ip} saddr . tcp sport`;
  const fresh = `@fresh${listener.family === "IPv4" ? 4 : 6}`;
  const isClosing = `tcp flags & (fin | rst) != 0 ${key} ${fresh}`;
  return [
    `tcp flags & (syn | ack) == syn update ${fresh} { ${key} } return`,
    `${isClosing} update ${fresh} { ${key} timeout ${CLOSING_S}s } return`,
    `${key} ${fresh} return`,
    ...(exits.former.size > 0 ? [forwardTo(placed, exits, exits.former)] : []),
    "accept",
  ];
}

function forwardTo(placed: PlacedListener, { device }: Exits, values: SlotValues): string {
  const target = commonValue(placed, values) ?? slotMap(placed, values);
  return `fwd ${ipKeyword(placed.listener.family)} to ${target} device "${device}"`;
}
