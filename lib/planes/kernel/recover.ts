import { entries, parseJson, read, readText } from "./json_read.ts";
import { chainName, parseChainName } from "./names.ts";
import type { RecoveredSlots } from "./placement.ts";
import type { HeldListener, NodeFacts, SlotTable } from "./types.ts";

/** What an earlier life left on a node. */
export interface Recovered {
  /** By id; fingerprints are empty, so that the next ensure rewrites them in place. */
  readonly listeners: ReadonlyMap<string, HeldListener>;
  /** Addresses that the tables know as ours. */
  readonly addresses: ReadonlySet<string>;
  /** Slot tables by listener id, so that flows keep their endpoints. */
  readonly slots: ReadonlyMap<string, RecoveredSlots>;
  /** False when chains and elements do not fit together: replace everything. */
  readonly isSound: boolean;
}

/** Reads `nft -j list table` of our tables; `own` are the addresses of the node they come from. */
export function recover(tables: readonly string[], own: NodeFacts["addresses"]): Recovered {
  const objects = tables.flatMap((text) => entries(read(parseJson(text), "nftables")));
  const chains = new Set(objects.flatMap((object) => readText(object, "chain", "name") ?? []));
  const verdicts = readVerdicts(objects);
  const listeners = new Map<string, HeldListener>();
  let isSound = true;
  for (const name of chains) {
    const chain = parseChainName(name);
    if (chain === undefined) continue;
    const { kind, id } = chain;
    const isOrphan = !chains.has(chainName("serve", id));
    isSound &&= !isOrphan &&
      (kind === "ranges" || kind === "moved" || verdicts.has(chainName(kind, id)));
    if (kind === "serve") listeners.set(id, heldFrom(id, chains));
  }
  isSound &&= verdicts.size === chainsNamedBy(verdicts, chains);
  const moved = readMoved(objects, own);
  const slots = new Map(
    [...readSlots(objects)].map(([id, table]) =>
      [id, { slots: table, moved: moved.get(id) ?? new Map<number, string>() }] as const
    ),
  );
  return { listeners, addresses: readSets(objects), slots, isSound };
}

function heldFrom(id: string, chains: ReadonlySet<string>): HeldListener {
  return {
    id,
    guard: "",
    fingerprint: "",
    hasRanges: chains.has(chainName("ranges", id)),
    hasSpread: chains.has(chainName("spread", id)),
    hasMoved: chains.has(chainName("moved", id)),
  };
}

/** Chains that a map element leads to. */
function readVerdicts(objects: readonly unknown[]): ReadonlySet<string> {
  const targets = objects.flatMap((object) =>
    entries(read(object, "map", "elem")).flatMap((element) =>
      readText(entries(element)[1], "goto", "target") ?? []
    )
  );
  return new Set(targets.filter((target) => parseChainName(target) !== undefined));
}

function chainsNamedBy(verdicts: ReadonlySet<string>, chains: ReadonlySet<string>): number {
  return [...verdicts].filter((target) => chains.has(target)).length;
}

function readSets(objects: readonly unknown[]): ReadonlySet<string> {
  return new Set(
    objects.flatMap((object) =>
      readText(object, "set", "name")?.startsWith("addresses")
        ? entries(read(object, "set", "elem")).filter((element) => typeof element === "string")
        : []
    ),
  );
}

function readSlots(objects: readonly unknown[]): ReadonlyMap<string, SlotTable> {
  const tables = new Map<string, string[]>();
  for (const object of objects) {
    const chain = parseChainName(readText(object, "rule", "chain") ?? "");
    if (chain?.kind !== "serve") continue;
    for (const expression of entries(read(object, "rule", "expr"))) {
      fillSlots(expression, (slot, endpoint) => {
        const table = tables.get(chain.id) ?? [];
        table[slot] = endpoint;
        tables.set(chain.id, table);
      });
    }
  }
  return new Map([...tables].filter(([, table]) => isComplete(table)));
}

function fillSlots(expression: unknown, put: (slot: number, endpoint: string) => void): void {
  for (const element of entries(read(expression, "dnat", "addr", "map", "data", "set"))) {
    const [slot, target] = entries(element);
    const [address, port] = entries(read(target, "concat"));
    if (typeof slot === "number") put(slot, `${address} . ${port}`);
  }
}

/** Moved slots: those that jump away, with the address they leave for, else the node's own. */
function readMoved(
  objects: readonly unknown[],
  own: NodeFacts["addresses"],
): ReadonlyMap<string, ReadonlyMap<number, string>> {
  const found = new Map<string, Map<number, string>>();
  const put = (id: string, slot: unknown, address: string | undefined) => {
    const slots = found.get(id) ?? new Map<number, string>();
    found.set(id, slots);
    const isKnown = typeof slot === "number" && address !== undefined;
    if (isKnown && !slots.has(slot)) slots.set(slot, address);
  };
  for (const [kind, id, expression] of netdevExpressions(objects)) {
    const elements = kind === "moved"
      ? entries(read(expression, "fwd", "addr", "map", "data", "set"))
      : entries(read(expression, "vmap", "data", "set"));
    const mine = id.includes("_") ? own.IPv6 : own.IPv4;
    for (const element of elements) {
      const [slot, target] = entries(element);
      put(id, slot, typeof target === "string" ? target : mine);
    }
  }
  return found;
}

/** Expressions of `moved` chains first, then of `spread` chains. */
function netdevExpressions(
  objects: readonly unknown[],
): readonly (readonly [kind: string, id: string, expression: unknown])[] {
  const all = objects.flatMap((object) => {
    const chain = parseChainName(readText(object, "rule", "chain") ?? "");
    if (chain?.kind !== "moved" && chain?.kind !== "spread") return [];
    return entries(read(object, "rule", "expr")).map((one) => [chain.kind, chain.id, one] as const);
  });
  return all.toSorted(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
}

function isComplete(table: readonly (string | undefined)[]): boolean {
  const isPowerOfTwo = (table.length & (table.length - 1)) === 0;
  return isPowerOfTwo && !table.includes(undefined) && Object.keys(table).length === table.length;
}
