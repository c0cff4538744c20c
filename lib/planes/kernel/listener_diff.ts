import { hash32 } from "../../core/mod.ts";
import { type ChainKind, chainName, parseListenerId, TABLE } from "./names.ts";
import type { HeldListener, ListenerRules } from "./types.ts";

/** The commands that make one listener what it must be, and what the node holds afterwards. */
export interface ListenerChange {
  readonly id: string;
  readonly text: string;
  /** undefined: the listener is gone. */
  readonly held: HeldListener | undefined;
}

/**
 * Compares what a node holds of a listener with what it must hold.
 *
 * @returns undefined when nothing changes.
 */
export function listenerChange(
  held: HeldListener | undefined,
  wanted: ListenerRules,
): ListenerChange | undefined {
  const next = heldOf(wanted);
  if (held !== undefined && held.fingerprint === next.fingerprint) return undefined;
  const text = [
    ...chainLines(wanted),
    ...elementLines(wanted, { held, next }),
    ...staleChains(held, next),
  ].join("\n");
  return { id: wanted.id, text: `${text}\n`, held: next };
}

/** The commands that remove a listener whole. */
export function listenerRemoval(held: HeldListener): ListenerChange {
  const { id } = held;
  const place = elementOf(id);
  const lines = [
    `delete element inet ${TABLE} guard${place.suffix} { ${place.element} }`,
    `delete element inet ${TABLE} serve${place.suffix} { ${place.element} }`,
    ...staleChains(held, { ...held, hasRanges: false, hasSpread: false, hasMoved: false }),
    `flush chain inet ${TABLE} ${chainName("serve", id)}`,
    `delete chain inet ${TABLE} ${chainName("serve", id)}`,
  ];
  return { id, text: `${lines.join("\n")}\n`, held: undefined };
}

/** What a node holds once the rules are in. */
export function heldOf(rules: ListenerRules): HeldListener {
  const text = [rules.guard, "serve", ...rules.serve, "ranges", ...rules.ranges, "spread"]
    .concat(rules.spread, "moved", rules.moved).join("\n");
  return {
    id: rules.id,
    guard: rules.guard,
    fingerprint: `${hash32(text)}-${hash32(`${text}\n`)}-${text.length}`,
    hasRanges: rules.ranges.length > 0,
    hasSpread: rules.spread.length > 0,
    hasMoved: rules.moved.length > 0,
  };
}

function chainLines(rules: ListenerRules): readonly string[] {
  return [
    ...chain("inet", chainName("serve", rules.id), rules.serve),
    ...(rules.ranges.length > 0 ? chain("inet", chainName("ranges", rules.id), rules.ranges) : []),
    // rules name chains, so those that are jumped to come first
    ...(rules.moved.length > 0 ? chain("netdev", chainName("moved", rules.id), rules.moved) : []),
    ...(rules.spread.length > 0
      ? chain("netdev", chainName("spread", rules.id), rules.spread)
      : []),
  ];
}

function chain(family: string, name: string, rules: readonly string[]): readonly string[] {
  return [
    `add chain ${family} ${TABLE} ${name}`,
    `flush chain ${family} ${TABLE} ${name}`,
    ...rules.map((rule) => `add rule ${family} ${TABLE} ${name} ${rule}`),
  ];
}

interface Change {
  readonly held: HeldListener | undefined;
  readonly next: HeldListener;
}

function elementLines(rules: ListenerRules, { held, next }: Change): readonly string[] {
  const suffix = rules.family === "IPv4" ? "4" : "6";
  const lines: string[] = [];
  const put = (table: string, map: string, verdict: string) =>
    lines.push(`add element ${table} ${TABLE} ${map}${suffix} { ${rules.element} : ${verdict} }`);
  if (held === undefined) put("inet", "serve", `goto ${chainName("serve", rules.id)}`);
  if (held?.guard !== next.guard) {
    if (held !== undefined) {
      lines.push(`delete element inet ${TABLE} guard${suffix} { ${rules.element} }`);
    }
    put("inet", "guard", next.guard);
  }
  if (next.hasSpread && held?.hasSpread !== true) {
    put("netdev", "spread", `goto ${chainName("spread", rules.id)}`);
  }
  return lines;
}

/** Chains that are there and no longer wanted; their map elements go first. */
function staleChains(held: HeldListener | undefined, next: HeldListener): readonly string[] {
  if (held === undefined) return [];
  const lines: string[] = [];
  const drop = (family: string, kind: ChainKind) => {
    const name = chainName(kind, held.id);
    lines.push(`flush chain ${family} ${TABLE} ${name}`, `delete chain ${family} ${TABLE} ${name}`);
  };
  if (held.hasSpread && !next.hasSpread) {
    const { element, suffix } = elementOf(held.id);
    lines.push(`delete element netdev ${TABLE} spread${suffix} { ${element} }`);
    drop("netdev", "spread");
  }
  if (held.hasMoved && !next.hasMoved) drop("netdev", "moved");
  if (held.hasRanges && !next.hasRanges) drop("inet", "ranges");
  return lines;
}

function elementOf(id: string): { readonly element: string; readonly suffix: "4" | "6" } {
  const name = parseListenerId(id);
  if (name === undefined) throw new TypeError(`listener id cannot be read back: ${id}`);
  const { address, protocol, port } = name;
  return {
    element: `${address} . ${protocol.toLowerCase()} . ${port}`,
    suffix: address.includes(":") ? "6" : "4",
  };
}
